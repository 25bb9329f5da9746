"""One thing that one sentence says: the value that the rule families find and the combination weighs."""

from __future__ import annotations

from dataclasses import dataclass

from server.core.model import Models, Stance, Subject

TRAINING = "training"
SHARING = "sharing"
SCRAPING = "anti_scraping"
OPERATION = "operation"
CHOICE = "choice"
"""A way out that names no training itself; it counts beside a rule that does."""


@dataclass(frozen=True, slots=True)
class Finding:
    """What one sentence of a clause says about one field."""

    field: str
    stance: Stance
    """For anti_scraping and operation: PROHIBITS and PERMITS."""
    rule: str
    sentence: str
    subject: Subject = Subject.NONE
    models: Models = Models.UNSPECIFIED
    scope: str = "general"
    """How much of what people provide it speaks of: general, tier, part, few (part of a tier), feedback, listed."""
    strong: bool = True
    """Names training itself; False for "improve our AI"."""
    provider: str = ""
    """The AI company that would train, if one is named: a third party, unless the text is its own."""
