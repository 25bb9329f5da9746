"""What stances, changes and settings are called, in every language. Pure."""

from __future__ import annotations

from bot.i18n import Words
from server.core.model import Direction, Kind, Level, Stance

Texts = dict[str, str]


def admins_only(w: Words) -> str:
    """Said to whoever may not change what a chat follows."""
    return w.t("Only admins can change that here.")


def badge(w: Words, stance: Stance) -> str:
    """The badge's shape and label."""
    return {
        Stance.PERMITS: "▲ " + w.t("The terms allow AI training"),
        Stance.OPT_OUT: "◆ " + w.t("AI training unless you object"),
        Stance.OPT_IN: "● " + w.t("AI training only if you agree"),
        Stance.PROHIBITS: "■ " + w.t("The terms rule out AI training"),
        Stance.SILENT: "– " + w.t("The terms do not mention AI training"),
        Stance.UNKNOWN: "? " + w.t("Not known yet"),
    }[stance]


def sharing(w: Words, stance: Stance) -> str:
    """What the terms say about passing uploads on; empty when they say nothing."""
    return {
        Stance.PERMITS: w.t("It may pass what you upload on to others for AI training."),
        Stance.OPT_OUT: w.t("It may pass what you upload on to others for AI training unless you object."),
        Stance.OPT_IN: w.t("It passes what you upload on to others for AI training only if you agree."),
        Stance.PROHIBITS: w.t("The terms rule out passing what you upload on to others for AI training."),
    }.get(stance, "")


def headline(w: Words, kind: Kind, before: Stance, after: Stance, added: bool = True) -> str:
    """What changed, in one line. The stances are those of the change's kind; `added` says which way a mention went."""
    if kind in (Kind.TRAINING, Kind.SHARING):
        if before == after:
            return _same(w, kind)
        return _training(w, after) if kind is Kind.TRAINING else _sharing(w, after)
    return {
        Kind.ANTI_SCRAPING: w.t("The rules on collecting uploads for AI changed."),
        Kind.OPERATION: w.t("The rules on AI that runs the service changed."),
        Kind.AI_FEATURES: w.t("The rules of its AI features changed."),
        Kind.CONDUCT: w.t("The rules on what you may do with AI changed."),
        Kind.WORDING: w.t("The wording about AI changed."),
        Kind.TECHNICAL: w.t("The text changed."),
    }[kind]


def _same(w: Words, kind: Kind) -> str:
    if kind is Kind.TRAINING:
        return w.t("The rules on AI training changed.")
    return w.t("The rules on passing uploads on for AI training changed.")


def _training(w: Words, after: Stance) -> str:
    return {
        Stance.PERMITS: w.t("The terms now let it train AI on what you upload."),
        Stance.OPT_OUT: w.t("The terms now let it train AI on what you upload unless you object."),
        Stance.OPT_IN: w.t("The terms now let it train AI on what you upload only if you agree."),
        Stance.PROHIBITS: w.t("The terms now rule out AI training on what you upload."),
        Stance.SILENT: w.t("The terms no longer say whether it may train AI on what you upload."),
        Stance.UNKNOWN: w.t("The rules on AI training changed."),
    }[after]


def _sharing(w: Words, after: Stance) -> str:
    return {
        Stance.PERMITS: w.t("The terms now let it pass what you upload on for AI training."),
        Stance.OPT_OUT: w.t("The terms now let it pass what you upload on for AI training unless you object."),
        Stance.OPT_IN: w.t("The terms now let it pass what you upload on for AI training only if you agree."),
        Stance.PROHIBITS: w.t("The terms now rule out passing what you upload on for AI training."),
        Stance.SILENT: w.t("The terms no longer say whether it may pass what you upload on for AI training."),
        Stance.UNKNOWN: w.t("The rules on passing uploads on for AI training changed."),
    }[after]


def meaning(w: Words, direction: Direction) -> str:
    """What a change means for uploads."""
    return {
        Direction.WORSE: "🔻 " + w.t("Worse for your uploads: more is allowed, or you have less choice."),
        Direction.BETTER: "🔹 " + w.t("Better for your uploads: less is allowed, or you have more choice."),
        Direction.NEUTRAL: "▫️ " + w.t("Neither better nor worse for your uploads."),
    }[direction]


def told(w: Words, quiet: bool | None, own_feeds: bool = True, over: bool = False) -> str:
    """Whether people were told of a change, without a feed we can hardly know; `over`: there was time to tell them."""
    if quiet is None and not own_feeds:
        return w.t("Whether it is announced is not known: no feed of this platform is read.")
    if quiet is None and over:
        return w.t("Whether it was announced is not known: no feed of this platform was read at the time.")
    if quiet is None:
        return w.t("Whether it is announced is not known yet.")
    if quiet:
        return w.t("Quiet: no announcement was found.")
    return w.t("It was announced.")


def kinds(w: Words) -> Texts:
    """The kinds of change that one can choose."""
    return {
        Kind.TRAINING.value: w.t("AI training"),
        Kind.SHARING.value: w.t("Passing on"),
        Kind.ANTI_SCRAPING.value: w.t("Collecting by others"),
        Kind.OPERATION.value: w.t("Running the service"),
        Kind.AI_FEATURES.value: w.t("AI features"),
        Kind.CONDUCT.value: w.t("Your conduct"),
        Kind.WORDING.value: w.t("Wording"),
    }


def levels(w: Words) -> Texts:
    """How loud a change must be."""
    return {Level.MATERIAL.value: w.t("Only what matters"), Level.NOTABLE.value: w.t("Smaller changes too")}


def directions(w: Words) -> Texts:
    """Which way a change must go."""
    return {
        "": w.t("Better and worse"),
        Direction.WORSE.value: w.t("Only worse"),
        Direction.BETTER.value: w.t("Only better"),
    }


def digests(w: Words) -> Texts:
    """How often one is told."""
    return {"instant": w.t("At once"), "daily": w.t("Once a day"), "weekly": w.t("Once a week")}


def scope(w: Words, scope_: str, name: str) -> str:
    """What a subscription is to; `name` is the platform's or the category's."""
    kind = scope_.partition(":")[0]
    if kind == "all":
        return w.t("All platforms")
    return w.t("All platforms ({category})", category=category(w, name)) if kind == "category" else name


def category(w: Words, name: str) -> str:
    """A category of the catalogue; one that an operator added is called as it is."""
    return {
        "art": w.t("art"),
        "code": w.t("code"),
        "commerce": w.t("commerce"),
        "files": w.t("files"),
        "music": w.t("music"),
        "social": w.t("social networks"),
        "text": w.t("texts"),
        "video": w.t("video"),
    }.get(name, name)


def contradiction(w: Words, says: str, may: Stance) -> str:
    """A public promise beside what the terms allow; `says` is the stance that the promise amounts to."""
    if says == Stance.PROHIBITS and may is Stance.PERMITS:
        return w.t("The company says it does not; its terms allow it to.")
    if says == Stance.PROHIBITS:
        return w.t("The company says it does not; its terms allow it unless you object.")
    if says == Stance.OPT_IN and may is Stance.PERMITS:
        return w.t("The company promises to ask first; its terms do not require that.")
    if says == Stance.OPT_IN:
        return w.t("The company promises to ask first; its terms allow it unless you object.")
    return w.t("The company points to a choice; its terms do not offer one.")
