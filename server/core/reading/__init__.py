"""Reading: rule families over clauses, one file each, and their combination by the codebook (docs/reading.md)."""

from server.core.reading.finding import Finding
from server.core.reading.reader import RULES, bodies, findings, read

__all__ = ["ENGINE", "RULES", "Finding", "bodies", "findings", "read"]

ENGINE = "rules-9"
"""Names this reader in the database; raise the number when the rules change, and stored texts are read again."""
