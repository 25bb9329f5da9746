"""Reading: rule families over clauses, one file each, and their combination by the codebook (docs/reading.md)."""

from server.core.reading.finding import Finding
from server.core.reading.reader import RULES, findings, read

__all__ = ["RULES", "Finding", "findings", "read"]
