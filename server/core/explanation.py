"""One line on what a change means for a creator."""

from __future__ import annotations

from server.core.meaning import Point
from server.core.model import Direction, Kind, Stance
from server.core.shifts import Shift

_RULES = {
    (Kind.TRAINING, Stance.PERMITS): "what you provide may be used to train or improve AI",
    (Kind.TRAINING, Stance.OPT_OUT): "what you provide may be used to train or improve AI unless you object",
    (Kind.TRAINING, Stance.OPT_IN): "what you provide is used to train or improve AI only with your consent",
    (Kind.TRAINING, Stance.PROHIBITS): "what you provide is not used to train AI",
    (Kind.SHARING, Stance.PERMITS): "what you provide may be given to others for their AI",
    (Kind.SHARING, Stance.OPT_OUT): "what you provide may be given to others for their AI unless you object",
    (Kind.SHARING, Stance.OPT_IN): "what you provide is given to others for their AI only with your consent",
    (Kind.SHARING, Stance.PROHIBITS): "what you provide is not given to others for their AI",
    (Kind.ANTI_SCRAPING, Stance.PROHIBITS): "others must not use this service's content to train or build AI",
}
_OTHER = {
    Kind.OPERATION: "where the service itself runs AI",
    Kind.AI_FEATURES: "the terms of the service's AI features",
    Kind.CONDUCT: "what users may do with AI-made content",
}
_SCOPE = {
    Direction.WORSE: "its reach changed to your disadvantage",
    Direction.BETTER: "its reach changed in your favour",
    Direction.NEUTRAL: "its reach changed",
}


def explain(kind: Kind, shift: Shift, way: Direction) -> str:
    """What the deciding shift means, in words for people who are no lawyers."""
    if kind in _OTHER:
        return f"The text says something else on {_OTHER[kind]}; rules on training are the same."
    before, after = _rule(shift.old, kind), _rule(shift.new, kind)
    if before == after:
        return f"The rule stays that {after}, but {_SCOPE[way]}."
    if before and after:
        return f"The text said that {before}; now it says that {after}."
    return f"The text now says that {after}." if after else f"The text no longer says that {before}."


def _rule(point: Point | None, kind: Kind) -> str:
    """What a sentence says, when it is about that kind of rule."""
    return _RULES.get((kind, point.stance), "") if point and point.topic is kind else ""
