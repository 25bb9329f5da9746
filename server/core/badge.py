"""The badge answers "may AI train on what I upload?" with a letter, a shape and words: never by colour alone."""

from __future__ import annotations

from dataclasses import dataclass

from server.core.model import Models, Reading, Stance, Subject


@dataclass(frozen=True, slots=True)
class Badge:
    """What a face shows: `state` names it, `letter` fits a toolbar, `sentence` is for a person."""

    state: str
    letter: str
    shape: str
    label: str
    sentence: str
    stale: bool = False


_FACES = {
    Stance.PERMITS: ("YES", "triangle", "The terms allow AI training"),
    Stance.OPT_OUT: ("OUT", "diamond", "AI training unless you object"),
    Stance.OPT_IN: ("ASK", "circle", "AI training only if you agree"),
    Stance.PROHIBITS: ("NO", "square", "The terms rule out AI training"),
    Stance.SILENT: ("–", "bar", "The terms do not mention AI training"),
    Stance.UNKNOWN: ("?", "dotted", "Not known yet"),
}

_SENTENCES = {
    Stance.PERMITS: "{name}'s terms allow it to train AI on what you upload, and offer no choice.",
    Stance.OPT_OUT: "{name}'s terms let it train AI on what you upload unless you object.",
    Stance.OPT_IN: "{name}'s terms let it train AI on what you upload only if you agree.",
    Stance.PROHIBITS: "{name}'s terms say that it does not train AI on what you upload.",
    Stance.SILENT: "{name}'s terms do not say whether it may train AI on what you upload.",
    Stance.UNKNOWN: "Nobody has been able to read {name}'s terms here yet.",
}


def badge(name: str, reading: Reading, *, stale: bool = False) -> Badge:
    """The badge of a platform. It speaks of content: training on usage data, or for features alone, is a mere note."""
    stance = content_stance(reading)
    letter, shape, label = _FACES[stance]
    sentence = _SENTENCES[stance].format(name=name)
    if note := smaller_note(reading):
        sentence = f"{sentence} {note}"
    return Badge(stance.value, letter, shape, label, sentence, stale)


def content_stance(reading: Reading) -> Stance:
    """What the reading says of works: rules on usage data alone, or on features alone, leave it silent."""
    allows = reading.training in {Stance.PERMITS, Stance.OPT_OUT, Stance.OPT_IN}
    if allows and (reading.subject is Subject.DATA or reading.models is Models.FEATURES):
        return Stance.SILENT
    return reading.training


def smaller_note(reading: Reading) -> str:
    """One sentence on training that the badge leaves out; empty when there is none."""
    if content_stance(reading) is reading.training:
        return ""
    if reading.subject is Subject.DATA:
        return "It may train on data about how you use it."
    return "It may train models that run its own features, such as recommendation."
