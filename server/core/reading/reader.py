"""Clauses into a reading: every clause is read once, whatever number of versions it stands in."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import replace
from functools import lru_cache
from itertools import zip_longest

from server.core.language import language as language_of
from server.core.model import Clause, Reading, Stance, Subject
from server.core.reading.choice import choice
from server.core.reading.combination import Placed, combined
from server.core.reading.finding import SHARING, TRAINING, Finding
from server.core.reading.material import covers_content
from server.core.reading.operation import operation
from server.core.reading.providers import speaking
from server.core.reading.scraping import scraping
from server.core.reading.sentences import Sentence, sentences
from server.core.reading.training import training

Rule = Callable[[Sentence], Iterator[Finding]]
RULES: tuple[Rule, ...] = (training, scraping, operation, choice)
"""The rule families, each in a file of its own."""

CACHED = 60_000
"""Clauses whose findings are kept."""
MOST = 250_000
"""Characters read of one text in clauses that may say something; no real policy has more than a third of it."""

_SHORT_FORMS = {
    "AI": r"\bAI\b|AIs\b|GenAI",
    "A.I": r"\bA\.I\b",
    "OpenAI": "OpenAI",
    "ML": r"\bML\b",
    "LLM": "LLM",
    "GPT": "GPT",
    "TDM": "TDM",
    "NLP": "NLP",
}
_PHRASES = {
    "artificial": "artificial", "machine": "machine", "neural": "neural", "deep": "deep.learn", "train": "train",
    "algorithm": "algorithm", "model": r"\bmodels?\b", "mining": "mining", "tun": "fine.?tun", "chat": "chat.?bot",
    "generative": "generative", "automated": "automated", "vision": "computer.vision", "language": "language",
    "out": "opt(?:ed|ing)?.?out", "object to": "object to", "distil": "distil", "turn ": r"turn \w+ off",
    "in this way": "in this way", "set": "data ?set", "want th": "want th(?:is|at)", "disable this": "disable this",
    "learn": "learns? from (?:your|our|user|customer)", "recogni": "recogni",
    "classifier": "classifier", "teach": r"\bteach",
}  # fmt: skip
"""Words that a rule could begin with: what to look for, and a part of it that is found far quicker, in lower case."""

_FORMS = {part: re.compile(form) for part, form in _SHORT_FORMS.items()}
_WORDS = {part: re.compile(phrase) for part, phrase in _PHRASES.items()}


def read(clauses: Sequence[Clause], *, language: str = "") -> Reading:
    """What the text of these clauses allows; unknown, with the reason, when it is not in English."""
    told = language or _language(clauses)
    if told not in ("en", ""):
        reason = f"The text is in another language ({told}); only English is read so far."
        return Reading(training=Stance.UNKNOWN, sharing=Stance.UNKNOWN, language=told, reason=reason, confidence="low")
    if not clauses:
        reason = "There is no text to read."
        return Reading(training=Stance.UNKNOWN, sharing=Stance.UNKNOWN, language=told, reason=reason, confidence="low")
    placed = [
        Placed(place, clause, finding) for place, clause in _worth_reading(clauses) for finding in findings(clause)
    ]
    reading = combined(_attributed(placed, clauses))
    return replace(reading, subject=_subject(reading, clauses), language=told or "en")


def _subject(reading: Reading, clauses: Sequence[Clause]) -> Subject:
    """What the rules speak of; where that is mere data, the rest of the text tells whether content is part of it."""
    rules = [each.text for each in reading.evidence if each.field in (TRAINING, SHARING)]
    if reading.subject is Subject.DATA and covers_content(rules, clauses):
        return Subject.BOTH
    return reading.subject


def _attributed(placed: Sequence[Placed], clauses: Sequence[Clause]) -> list[Placed]:
    """The findings, those on what an AI company does being the platform's own in that company's texts."""
    own = speaking((p.finding.provider for p in placed), clauses)
    return [_by_platform(p) if p.finding.provider in own else p for p in placed]


def _by_platform(placed: Placed) -> Placed:
    finding = replace(placed.finding, field=TRAINING, rule="training by the platform")
    return replace(placed, finding=finding)


def findings(clause: Clause) -> tuple[Finding, ...]:
    """What the clause says, by its own words and those it continues; kept, so that asking again is cheap."""
    return _findings(clause.text, clause.lead, clause.heading) if _worth(clause) else ()


def bodies(clauses: Iterable[Clause]) -> Iterator[Clause]:
    """The clauses, less headings and heads of tables: those say what a text speaks of, not what is done."""
    rows = list(clauses)
    for clause, below in zip_longest(rows, rows[1:]):
        if below is None or clause.text not in (below.heading, below.lead if " | " in below.lead else ""):
            yield clause


def _worth_reading(clauses: Sequence[Clause]) -> Iterator[tuple[int, Clause]]:
    """The clauses that may say something, with their places less headings; at most MOST characters of them."""
    left = MOST
    for place, clause in enumerate(bodies(clauses)):
        if left > 0 and _worth(clause):
            left -= len(clause.text) + len(clause.lead) + 60
            yield place, clause


def _worth(clause: Clause) -> bool:
    """Whether a rule may find something: in its words, in those it continues, or in the question that it answers."""
    asked = clause.heading if clause.heading.endswith("?") else ""
    return any(words and _says_something(words) for words in (clause.text, clause.lead, asked))


def _says(text: str) -> bool:
    """Whether the text has any word that a rule could begin with."""
    if any(part in text and form.search(text) for part, form in _FORMS.items()):
        return True
    low = text.lower()
    return any(part in low and phrase.search(low) for part, phrase in _WORDS.items())


_says_something = lru_cache(maxsize=CACHED)(_says)


@lru_cache(maxsize=CACHED)
def _findings(text: str, lead: str, heading: str) -> tuple[Finding, ...]:
    clause = Clause(id="", text=text, line=0, heading=heading, lead=lead)
    found: dict[tuple[str, str], Finding] = {}
    for sentence in sentences(clause):
        for rule in RULES if _concerned(sentence) else (choice,):
            for finding in rule(sentence):
                found.setdefault((finding.field, finding.sentence), finding)
    return tuple(found.values())


def _concerned(sentence: Sentence) -> bool:
    """The same for one sentence of a clause; a way to object to what stands beside it needs no such word."""
    asked = (words for words in (sentence.before, sentence.heading) if words.endswith("?"))
    return any(map(_says, (sentence.whole, *asked)))


def _language(clauses: Sequence[Clause]) -> str:
    whole = language_of("\n".join(clause.text for clause in clauses))
    if whole == "en":
        return whole
    start = language_of("\n".join(clause.text for clause in clauses[: max(20, len(clauses) // 20)]))
    return "en" if start == "en" else whole
