"""One line on what a change means for a creator."""

from __future__ import annotations

from server.core.meaning import Point
from server.core.model import Direction, Kind, Reading, Stance
from server.core.reach import reach
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
    (True, Direction.WORSE): "it takes more than before",
    (True, Direction.BETTER): "it takes less than before",
    (False, Direction.WORSE): "it protects less than before",
    (False, Direction.BETTER): "it protects more than before",
}
"""Whether the rule takes something, and where it moved."""
_NAMES = {
    "generative": "generative AI",
    "vendors": "vendors or partners",
    "others": "third parties",
    "prompts": "prompts or conversations",
    "sound": "recordings or music",
    "pictures": "pictures or videos",
    "writings": "posts or files",
    "usage": "data on use",
    "personal": "personal data",
    "public": "what is public",
    "private": "what is private",
    "firms": "business accounts",
    "paid": "paid plans",
    "free": "free plans",
    "programs": "the API",
    "stripped": "data without names",
    "sensitive": "sensitive data",
    "mining": "scraping",
    "sold": "selling or licensing",
    "past": "earlier or later uploads",
    "for now": "a word that it holds for now",
    "part": "a word that it holds in part",
    "default": "a default setting",
    "condition": "a condition",
    "deadline": "a deadline",
    "contrast": "an exception",
}
"""What a rule names, where `reach` has a shorter word for it."""


def explain(kind: Kind, shift: Shift, way: Direction, before: Reading, after: Reading) -> str:
    """What a change means, in words for people who are no lawyers; `shift` decides it."""
    if kind in _OTHER:
        return f"The text says something else on {_OTHER[kind]}; rules on training are the same."
    was, now = _whole(kind, before), _whole(kind, after)
    if was == now:
        return _within(kind, shift, way, now)
    if was and now:
        return f"The text said that {was}; now it says that {now}."
    return f"The text now says that {now}." if now else f"The text no longer says that {was}."


def _within(kind: Kind, shift: Shift, way: Direction, still: str) -> str:
    """The same for a change that leaves what the whole text says as it was: `still`, or nothing."""
    old, new = _rule(shift.old, kind), _rule(shift.new, kind)
    if old and new and old != new:
        return f"One rule said that {old}; now it says that {new}."
    moved = _moved(kind, shift, way)
    if old and new:
        return f"The text still says that {new}, but {moved or 'its reach changed'}{_named(shift)}."
    if (new or old) != still:
        return f"The text {'now also' if new else 'no longer'} says that {new or old}."
    if new:
        more = f"with what was added {moved}" if moved else "it now says more on it"
        return f"The text said before, too, that {new}; {more}."
    return f"The text still says that {old}, but a sentence on it is gone{f': {moved}' if moved else ''}."


def _moved(kind: Kind, shift: Shift, way: Direction) -> str:
    """Whether a rule takes or protects more or less than before; nothing when neither, or when it binds others."""
    told = shift.new or shift.old
    return "" if kind is Kind.ANTI_SCRAPING or not told else _SCOPE.get((told.stance.takes, way), "")


def _whole(kind: Kind, reading: Reading) -> str:
    """What a whole text says on that kind of rule; nothing when it is silent."""
    if kind is Kind.ANTI_SCRAPING:
        return _RULES[kind, Stance.PROHIBITS] if reading.anti_scraping else ""
    stance: Stance = getattr(reading, kind)
    return _RULES.get((kind, stance), "")


def _rule(point: Point | None, kind: Kind) -> str:
    """What a sentence says, when it is about that kind of rule."""
    return _RULES.get((kind, point.stance), "") if point and point.topic is kind else ""


def _named(shift: Shift) -> str:
    """What came into a rule and what went, by name."""
    was, now = (reach(point.text) if point else frozenset[str]() for point in (shift.old, shift.new))
    told = (("new in it", now - was), ("gone from it", was - now))
    named = [f"{how}: {', '.join(sorted(_NAMES.get(name, name) for name in names))}" for how, names in told if names]
    return f" ({'; '.join(named)})" if named else ""
