"""AI companies by name: vendors of most who name them, and in their own texts the platform itself."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from functools import cache

from server.core.model import Clause
from server.core.reading.parties import PARTS
from server.core.reading.patterns import filled

OFTEN = 6
SHARE = 0.05
"""A company that OFTEN passages name, and this SHARE of all, speaks in the text; a vendor is named in a few."""

_NAME = re.compile(filled(PARTS["provider"], PARTS))
_WE = re.compile(r"\b(?:we|our|us|you|your)\b", re.IGNORECASE)


def named(words: str) -> str:
    """The first word of the company's name that the words begin with; empty when it is none that is known."""
    mark = _NAME.match(words)
    return mark[0].split()[0] if mark else ""


def speaking(names: Iterable[str], clauses: Sequence[Clause]) -> frozenset[str]:
    """Those whose own text this is: it names them over and over, says "(we)", or nowhere "we" or "you"."""
    return frozenset(name for name in set(names) - {""} if _often(name, clauses) or not _addresses(clauses))


def _often(name: str, clauses: Sequence[Clause]) -> bool:
    texts = [clause.text for clause in clauses if name in clause.text]
    return (len(texts) >= OFTEN and len(texts) >= len(clauses) * SHARE) or any(map(_or_we(name), texts))


@cache
def _or_we(name: str) -> Callable[[str], object]:
    """Finds: the company (“we”)."""
    return re.compile(rf"\b{name}\b[^.;]{{0,60}}[\"“'‘](?:we|us|our)[\"”'’]", re.IGNORECASE).search


def _addresses(clauses: Sequence[Clause]) -> bool:
    """Whether somebody speaks to somebody, and not of a Customer and a Company."""
    return any(_WE.search(clause.text) for clause in clauses)
