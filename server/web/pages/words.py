"""How the pages put things: values of the core in words for people."""

from __future__ import annotations

from datetime import UTC, datetime
from urllib.parse import quote, urlsplit

from server.core.model import Stance

STANCES = {
    Stance.PERMITS: "Allowed",
    Stance.OPT_OUT: "Allowed unless you object",
    Stance.OPT_IN: "Only if you agree",
    Stance.PROHIBITS: "Ruled out",
    Stance.SILENT: "Not mentioned",
    Stance.UNKNOWN: "Not known yet",
}

DIRECTIONS = {"worse": "worse for creators", "better": "better for creators", "neutral": "neither better nor worse"}

KINDS = {
    "training": "AI training",
    "sharing": "sharing with others for AI",
    "anti_scraping": "scraping by others",
    "operation": "AI that runs the service",
    "ai_features": "AI features",
    "conduct": "rules for users",
    "wording": "wording",
    "technical": "technical",
}

SUBJECTS = {
    "content": "It speaks of what you upload.",
    "data": "It speaks of data about you, not of your works.",
    "both": "It speaks of what you upload and of data about you.",
}

CATEGORIES = {
    "art": "Art and pictures",
    "code": "Code and models",
    "commerce": "Shops and funding",
    "files": "Files and tools",
    "music": "Music and audio",
    "social": "Social networks",
    "text": "Writing",
    "video": "Video",
}


def day(moment: datetime | None) -> str:
    """The day in UTC, such as "12 February 2024"; empty when there is none."""
    if moment is None:
        return ""
    moment = moment.astimezone(UTC)
    return f"{moment.day} {moment:%B %Y}"


def minute(moment: datetime | None) -> str:
    """The day and minute in UTC."""
    return f"{day(moment)}, {moment.astimezone(UTC):%H:%M} UTC" if moment else ""


def is_web(address: object) -> bool:
    """Whether something may be linked to: http and https only, since addresses come from feeds and files, too."""
    if not isinstance(address, str) or not address.lower().startswith(("http://", "https://")):
        return False
    try:
        return bool(urlsplit(address).hostname)
    except ValueError:
        return False


def quiet(value: bool | None, own_feeds: bool = True, over: bool = False) -> str:
    """Whether a change was announced, in a sentence; `over` when there was time enough to announce it."""
    if value is None and not own_feeds:
        return "Not known: no feed of this platform is read."
    if value is None and over:
        return "Not known: no feed of this platform was read at the time."
    if value is None:
        return "It is too early to say whether it was announced."
    return "Quiet: no announcement was found within 30 days." if value else "It was announced."


def archived(archive: str, address: str, moment: datetime) -> str:
    """Where the archive keeps what `address` looked like around `moment`."""
    if "/web/" in address:
        return address
    return f"{archive}/web/{moment.astimezone(UTC):%Y%m%d%H%M%S}/{quote(address, safe=':/?&=%')}"
