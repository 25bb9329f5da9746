"""Clauses into sentences, each with the words around it that decide how it is meant."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from server.core.model import Clause

LONGEST = 4000
"""Characters of one sentence; a longer one is read in pieces."""
ROW = 500
"""Characters of a table row whose cells speak of one thing; longer ones list many."""
PIECES = 6
"""Pieces read of one endless sentence."""
MOST = 400
"""Sentences read of one clause; no paragraph of a policy has more."""

_END = re.compile(
    r"(?<=[.!?])(?:[\"”’')\]]{0,2})\s+(?=[\"“‘'(\[•]{0,2}(?:[A-Z0-9]|[a-z]{1,2}\)))|(?<=[.;:])\s*\n\s*|\n|\s\|\s"
)
_ABBREVIATION = re.compile(
    r"(?:\b(?:e\.g|i\.e|etc|inc|ltd|co|corp|nos|art|arts|sec|vs|mr|ms|dr|u\.s|u\.k|cf|approx|incl|\w)\.)$",
    re.IGNORECASE,
)
_NUMBER = re.compile(r"\bno\. \d", re.IGNORECASE)
"""No. 5: a number, not an answer."""
_RUN_IN = re.compile(
    r"(?:[A-Z][\w&/’'-]*)(?: (?:[A-Z0-9&][\w&/’'()-]*|and|of|for|to|the|in|by|with|on|or)){1,9}"
    r"(?= (?:We|You|Your|The|By|This|Our|If|When|All|Any|To|It) [a-z])"
)
"""AI Training We do not …: a heading on the line of what it heads, without a full stop."""
TITLE = 8
"""Words of a heading that ends like a sentence, and has no verb."""
AUXILIARY = (
    r"\b(?:is|are|was|were|be|been|being|may|might|will|would|can|could|shall|should|must|do|does|did|has|have|had|not"
    r"|we|you|they)\b|n[’']t\b"
)
"""What hardly any sentence lacks, and a heading has none of."""
_SAYS = re.compile(
    AUXILIARY + r"|\b(?:it|us(?:e|es|ed)|never|no|yes|to|default|trains?|learns?|helps?|serves?|feeds?|improves?|keeps?"
    r"|collects?|shares?|sells?|process(?:es)?)\b",
    re.IGNORECASE,
)
_ANSWER = re.compile(r"(?:yes|no|never)\b(?!\w)[^|\n]{0,60}$", re.IGNORECASE)
"""What a cell of a table says to the question that heads its column."""
_GLUED = re.compile(r"(?<=[a-z]{3}[.!?])(?=[A-Z][a-z]*\s)")


@dataclass(frozen=True, slots=True)
class Sentence:
    """A sentence and what stands around it in its clause."""

    text: str
    lead: str = ""
    """What it continues: the sentence before the list, or the start of the cell."""
    heading: str = ""
    before: str = ""
    after: str = ""
    head: str = ""
    """The head of its table, where it is a cell that answers yes or no to its column."""
    row: str = ""
    """The whole row of a table that it is a cell of: purpose, data and legal basis belong together."""

    @property
    def whole(self) -> str:
        """The sentence with the words it continues."""
        return f"{self.lead} {self.text}" if self.lead else self.text

    @property
    def is_title(self) -> bool:
        """Whether it is a heading on the line of what it heads: "Training on your content. We do not …"."""
        first = bool(self.after) and not (self.before or self.lead or self.row)
        return first and len(self.text.split()) <= TITLE and not _SAYS.search(self.text)


def sentences(clause: Clause) -> Iterator[Sentence]:
    """The sentences of a clause in order."""
    parts = _parts(clause.text)
    lead = clause.lead if _continues(clause.lead) else ""
    row = clause.text if " | " in clause.text and len(clause.text) <= ROW else ""
    columns = _columns(clause) if row else ()
    inner, cell = "", 0
    for i, (part, separator) in enumerate(parts):
        before = parts[i - 1][0] if i else clause.lead if clause.lead.endswith("?") else ""
        after = parts[i + 1][0] if i + 1 < len(parts) else ""
        if columns and _ANSWER.match(part):
            asked = f"{columns[cell].rstrip('?')}?"
            yield Sentence(part, "", clause.heading, asked, after, head=clause.lead, row=row)
        else:
            told = inner or (lead if _is_item(i, clause) else "")
            yield Sentence(part, told, clause.heading, before, after, row=row)
        cell += separator.strip() == "|"
        if part.endswith(":"):
            inner = part
        elif separator.strip() == "|" or (inner and "\n" not in separator and part.endswith(".")):
            inner = ""


def _columns(clause: Clause) -> tuple[str, ...]:
    """The heads of a row's columns, one for each cell; none where they do not fit. The first may have no head."""
    heads, cells = clause.lead.split(" | "), clause.text.count(" | ") + 1
    if len(heads) < 2 or cells - len(heads) not in (0, 1):
        return ()
    return ("",) * (cells - len(heads)) + tuple(heads)


def _is_item(i: int, clause: Clause) -> bool:
    return i == 0 or clause.lead.endswith(":")


def _continues(lead: str) -> bool:
    return bool(lead) and lead[-1] not in ".!?"


def _parts(text: str) -> list[tuple[str, str]]:
    """The sentences with what separates each from the next."""
    parts: list[tuple[str, str]] = []
    start = 0
    if title := _RUN_IN.match(text):
        parts, start = [(title.group(), " ")], title.end()
    for mark in _END.finditer(text):
        separator = mark.group()
        if not ("\n" in separator or "|" in separator) and _ABBREVIATION.search(
            text[max(0, mark.start() - 12) : mark.start()]
        ):
            continue
        if _NUMBER.match(text, max(0, mark.start() - 3)):
            continue
        parts += _pieces(text[start : mark.start()], separator)
        start = mark.end()
        if len(parts) >= MOST:
            return parts
    return parts + _pieces(text[start:], "")


def _pieces(text: str, separator: str) -> list[tuple[str, str]]:
    found = [piece for raw in _GLUED.split(text.strip()) for piece in _lengths(raw) if piece]
    return [(piece, separator if i == len(found) - 1 else " ") for i, piece in enumerate(found)]


def _lengths(text: str) -> list[str]:
    return [text[i : i + LONGEST] for i in range(0, min(len(text), LONGEST * PIECES), LONGEST)]
