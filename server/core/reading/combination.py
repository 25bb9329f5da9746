"""Findings into one reading, by the codebook: the default for an ordinary person's material decides."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from server.core.model import Clause, Evidence, Models, Reading, Stance, Subject
from server.core.reading.finding import CHOICE, OPERATION, SCRAPING, SHARING, TRAINING, Finding

NEAR = 3
"""Clauses between a rule and a way out that still belongs to it."""


PREVAILS = 2
"""Content is what a text speaks of when it has so many times more findings than data, and the other way round."""


@dataclass(frozen=True, slots=True)
class Placed:
    """A finding where it stands."""

    place: int
    """The clauses before it, less headings."""
    clause: Clause
    finding: Finding


def combined(placed: Sequence[Placed]) -> Reading:
    """The reading that the findings of one text amount to."""
    training, basis = _stance([p for p in placed if p.finding.field == TRAINING], placed)
    sharing, shared = _stance([p for p in placed if p.finding.field == SHARING], placed)
    bars = [p for p in placed if p.finding.field == SCRAPING]
    runs = [p for p in placed if p.finding.field == OPERATION]
    backing = [*basis, *shared, *bars, *runs]
    return Reading(
        training=training,
        sharing=sharing,
        subject=_subject([*basis, *shared]),
        models=_models(basis),
        anti_scraping=bool(bars),
        operation=bool(runs),
        evidence=tuple(_evidence(p) for p in sorted(backing, key=lambda p: p.place)),
        confidence=_confidence(basis),
    )


def _stance(found: list[Placed], placed: Sequence[Placed]) -> tuple[Stance, list[Placed]]:
    """The value of training or sharing, and the findings it rests on."""
    if not found:
        return Stance.SILENT, []
    general = [p for p in found if p.finding.scope == "general"]
    counted = general or [p for p in found if p.finding.scope not in ("part", "few")] or _unless_refused(found)
    if not counted:
        return Stance.SILENT, []
    by = {stance: [p for p in counted if p.finding.stance is stance] for stance in Stance}
    objections = [p for p in found if p.finding.stance is Stance.OPT_OUT]
    open_rules = [*by[Stance.PERMITS], *(p for p in counted if p.finding.scope == "listed")]
    near = _ways_out(open_rules, placed)
    asked = [p for p in general if p.finding.stance is Stance.OPT_IN and p.finding.strong]
    if objections and asked and not by[Stance.PERMITS]:
        return Stance.OPT_IN, asked  # what can be taken back afterwards was asked for before
    if objections:
        return Stance.OPT_OUT, [*objections, *by[Stance.PERMITS]]
    promised = [p for p in counted if _singled_out(p)]
    if promised and not any(p.finding.models is Models.GENERATIVE for p in by[Stance.PERMITS]):
        return _kindest(promised), promised
    strong = [p for p in by[Stance.PERMITS] if p.finding.strong]
    if near:
        return Stance.OPT_OUT, [*open_rules, *near]
    refused = [*by[Stance.OPT_IN], *by[Stance.PROHIBITS]]
    refused = [p for p in refused if p.finding.strong] if by[Stance.PERMITS] else refused
    told = [p for p in found if p.finding.strong and p.finding.stance in (Stance.OPT_IN, Stance.PROHIBITS)]
    if not strong and by[Stance.PERMITS] and any(p.finding.scope != "part" for p in told):
        return _kindest(told), told
    if strong or (by[Stance.PERMITS] and not refused):
        return Stance.PERMITS, by[Stance.PERMITS]
    return _kindest(refused), refused


def _kindest(refused: list[Placed]) -> Stance:
    """A refusal with an exception for consent is opt-in."""
    return Stance.OPT_IN if any(p.finding.stance is Stance.OPT_IN for p in refused) else Stance.PROHIBITS


def _unless_refused(found: list[Placed]) -> list[Placed]:
    """A promise on some data of some customers says nothing of the rest; a permission does."""
    return [p for p in found if p.finding.scope != "few" or p.finding.stance.takes]


def _singled_out(p: Placed) -> bool:
    return p.finding.models is Models.GENERATIVE and p.finding.stance in (Stance.OPT_IN, Stance.PROHIBITS)


def _ways_out(permits: list[Placed], placed: Sequence[Placed]) -> list[Placed]:
    """The ways out that stand by a permission, or by a list of what is left alone."""
    places = {p.place for p in permits}
    choices = [p for p in placed if p.finding.field == CHOICE]
    return [
        p
        for p in choices
        if places and (p.finding.scope == "ai" or any(abs(p.place - place) <= NEAR for place in places))
    ]


def _subject(basis: list[Placed]) -> Subject:
    """What most of the findings speak of; both when neither content nor data prevails."""
    told = Counter(p.finding.subject for p in basis)
    content, data = (told[only] + told[Subject.BOTH] / 2 for only in (Subject.CONTENT, Subject.DATA))
    if content == data:
        return Subject.BOTH if basis else Subject.NONE
    most, other = (Subject.CONTENT, data) if content > data else (Subject.DATA, content)
    return most if max(content, data) >= PREVAILS * other else Subject.BOTH


def _models(basis: list[Placed]) -> Models:
    kinds = {p.finding.models for p in basis}
    for kind in (Models.GENERATIVE, Models.UNSPECIFIED, Models.FEATURES):
        if kind in kinds:
            return kind
    return Models.NONE


def _confidence(basis: list[Placed]) -> str:
    if basis and not any(p.finding.strong for p in basis):
        return "low"
    return "medium" if len({p.finding.stance for p in basis}) > 1 else "high"


def _evidence(p: Placed) -> Evidence:
    told = p.finding
    value = "true" if told.field in (SCRAPING, OPERATION) else str(told.stance)
    field = TRAINING if told.field == CHOICE else told.field
    return Evidence(line=p.clause.line, text=told.sentence, rule=told.rule, field=field, stance=value)
