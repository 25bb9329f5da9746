"""Subscribe: what a chat follows and how it wants to be told; taken along, brought in, and forgotten."""

from __future__ import annotations

import difflib
import json
import re
import xml.etree.ElementTree as ElementTree  # nosec B405: documents with a DTD are refused before they are parsed
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo, available_timezones

from sqlalchemy.orm import Session

from server.catalogue import Catalogue
from server.core.errors import ClausewatchError
from server.core.model import Kind, Level, Platform
from server.core.notices import DIGESTS
from server.store import chats, follows, outbox
from server.store.tables_people import ChatRow, FollowRow

LARGEST_IMPORT = 1 << 20
"""Bytes of a file that is brought in."""


FOLLOW_LINK = "follow_"
"""Begins the parameter of a deep link that follows a platform; no platform's id has an underscore."""
DIFF_LINK = "diff_"
"""Begins the parameter of a deep link that shows a change, by its number."""


class NotUnderstood(ClausewatchError):
    """What somebody asked for is not among what there is; `near` are the nearest names."""

    def __init__(self, asked: str, near: tuple[str, ...] = ()) -> None:
        super().__init__(f"Nothing here is called {asked!r}.")
        self.near = near


@dataclass(frozen=True, slots=True)
class Place:
    """Where a subscription lives."""

    chat: int
    thread: int = 0
    kind: str = "private"
    language: str = "en"


def find_platform(catalogue: Catalogue, asked: str) -> Platform:
    """The platform of an id, a name, a host or an address; raises NotUnderstood with the nearest ids."""
    asked = " ".join(asked.split())[:300]
    wanted = asked.lower()
    if wanted in catalogue.platforms:
        return catalogue.platforms[wanted]
    for platform in catalogue.platforms.values():
        if _plain(platform.name) == _plain(asked) and _plain(asked):
            return platform
    if found := catalogue.by_host(asked) or _host_within(catalogue, asked):
        return found
    raise NotUnderstood(asked, _near(catalogue, wanted))


def _host_within(catalogue: Catalogue, asked: str) -> Platform | None:
    """The platform of the first address within a text, as apps share them: "Listen to this: https://…"."""
    words = (word.strip("()<>[]\"',;!?") for word in asked.split())
    return next((found for word in words if "." in word and (found := catalogue.by_host(word.rstrip(".")))), None)


def _plain(name: str) -> str:
    return re.sub(r"[\W_]+", "", name.casefold())


def _near(catalogue: Catalogue, asked: str) -> tuple[str, ...]:
    names = {id_: id_ for id_ in catalogue.platforms} | {p.name.lower(): p.id for p in catalogue.platforms.values()}
    begins = [names[name] for name in names if len(asked) > 2 and name.startswith(asked)]
    said = [names[word] for word in re.findall(r"[\w-]+", asked) if word in names]
    close = [names[name] for name in difflib.get_close_matches(asked, names, n=6, cutoff=0.7)]
    return tuple(dict.fromkeys([*said, *begins, *close]))[:6]


def search(catalogue: Catalogue, asked: str, limit: int) -> list[Platform]:
    """Platforms whose id, name or host holds the words, the best first; all in order when there are no words."""
    wanted, plain = asked.strip().lower(), _plain(asked)
    if not wanted:
        return [catalogue.platforms[id_] for id_ in sorted(catalogue.platforms)][:limit]

    def place(platform: Platform) -> int:
        names = [platform.id, platform.name.lower(), *platform.hosts]
        if wanted in names or plain == _plain(platform.name):
            return 0
        if plain and plain in _plain(platform.name):
            return 1 if _plain(platform.name).startswith(plain) else 2
        return 1 if any(name.startswith(wanted) for name in names) else 2 if any(wanted in n for n in names) else 3

    ranked = sorted((place(p), p.id) for p in catalogue.platforms.values())
    found = [catalogue.platforms[id_] for rank, id_ in ranked if rank < 3][:limit]
    if not found and (owner := catalogue.by_host(wanted)):
        found = [owner]
    return found


def categories(catalogue: Catalogue) -> list[str]:
    """The categories there are."""
    return sorted({platform.category for platform in catalogue.platforms.values()})


def find_scope(catalogue: Catalogue, asked: str) -> str:
    """The scope of "all", "all music", a category or a platform; raises NotUnderstood."""
    first, *words = asked.casefold().split() or [""]
    if first != "all":
        words = [first, *words]
    named = "-".join(word for word in words if word not in {"platform", "platforms"})
    if first == "all" and not named:
        return "all"
    known = {category.casefold().replace(" ", "-").replace("_", "-"): category for category in categories(catalogue)}
    if named in known:
        return f"category:{known[named]}"
    return f"platform:{find_platform(catalogue, asked).id}"


def scope_name(catalogue: Catalogue, scope: str) -> str:
    """How a scope's platform or category is called; "all" for all."""
    kind, _, name = scope.partition(":")
    if kind == "platform" and name in catalogue.platforms:
        return catalogue.platforms[name].name
    return name or "all"


def follow(session: Session, place: Place, scope: str, now: datetime) -> tuple[FollowRow, bool]:
    """The subscription, and whether it is new. Raises ClausewatchError when the chat has too many."""
    chats.ensure(session, place.chat, place.kind, place.language, now)
    known = follows.find(session, place.chat, place.thread, scope)
    if known is None and len(follows.of_chat(session, place.chat)) >= follows.MOST:
        raise ClausewatchError(f"A chat can follow at most {follows.MOST} things.")
    return follows.add(session, place.chat, place.thread, scope, now), known is None


def unfollow(session: Session, place: Place, scope: str) -> bool:
    """Ends a subscription; whether there was one."""
    row = follows.find(session, place.chat, place.thread, scope)
    if row is not None:
        outbox.forget_waiting(session, row)
        session.delete(row)
    return row is not None


def follows_platform(session: Session, place: Place, platform: str) -> bool:
    """Whether this chat or topic follows the platform itself."""
    return follows.find(session, place.chat, place.thread, f"platform:{platform}") is not None


LANGUAGES = ("en", "de", "fr", "es", "pt")
KINDS = tuple(kind.value for kind in Kind if kind is not Kind.TECHNICAL)
CHOICES: dict[str, tuple[str, ...]] = {
    "level": (Level.MATERIAL.value, Level.NOTABLE.value),
    "direction": ("", "worse", "better"),
    "digest": DIGESTS,
    "language": ("", *LANGUAGES),
}
"""Settings of a subscription with a few values each."""


def choose(row: FollowRow, field: str, value: str) -> None:
    """Sets `level`, `direction`, `digest` or `language`; raises NotUnderstood for anything else."""
    if value not in CHOICES.get(field, ()):
        raise NotUnderstood(value)
    setattr(row, field, value)


def want_kind(row: FollowRow, kind: str, wanted: bool) -> None:
    """Wants a kind of change, or no longer; all of them again when none would be left."""
    if kind not in KINDS:
        raise NotUnderstood(kind)
    chosen = set(kinds_of(row)) | {kind} if wanted else set(kinds_of(row)) - {kind}
    full = not chosen or chosen == set(KINDS)
    row.kinds = "" if full else "," + ",".join(k for k in KINDS if k in chosen) + ","


def kinds_of(row: FollowRow) -> tuple[str, ...]:
    """The kinds a subscription hears of."""
    return tuple(row.kinds.strip(",").split(",")) if row.kinds else KINDS


_HOURS = re.compile(r"^(\d{1,2})(?:[:.h](\d{2}))?h?\s*(am|pm)?$")


def minute_of(text: str) -> int:
    """The minute of the day of "7", "7:30", "07:30" or "7pm"; raises NotUnderstood."""
    match = _HOURS.match(text.strip().lower())
    hours, minutes = (int(match.group(1)), int(match.group(2) or 0)) if match else (99, 0)
    if match and match.group(3):
        hours = hours % 12 + (12 if match.group(3) == "pm" else 0) if 1 <= hours <= 12 else 99
    if hours > 24 or minutes > 59 or hours * 60 + minutes > 24 * 60:
        raise NotUnderstood(text)
    return hours * 60 + minutes


def quiet_hours(text: str) -> tuple[int, int] | None:
    """The minutes of "22-7" or "22:00 - 07:30"; None for "off". Raises NotUnderstood."""
    if text.strip().lower() in {"off", "none", "0"}:
        return None
    begin, dash, end = re.sub(r"[–—]", "-", text).partition("-")
    first, last = minute_of(begin) % 1440, minute_of(end) % 1440
    if not dash or first == last:
        raise NotUnderstood(text)
    return first, last


def time_zone(text: str) -> str:
    """The name of a time zone of "Europe/Berlin", "berlin" or "utc"; raises NotUnderstood with the nearest."""
    wanted = text.strip().replace(" ", "_")
    zones = {name.lower(): name for name in available_timezones() if not name.startswith(("posix", "right"))}
    cities = {name.rsplit("/", 1)[-1].lower(): name for name in sorted(zones.values()) if "/" in name}
    found = zones.get(wanted.lower()) or cities.get(wanted.lower())
    if found is None:
        near = difflib.get_close_matches(wanted.lower(), cities, n=3)
        raise NotUnderstood(text, tuple(cities[name] for name in near))
    ZoneInfo(found)
    return found


_TAKEN_ALONG = ("scope", "thread", "level", "kinds", "direction", "digest", "digest_minute", "quiet_from", "quiet_to")


def export(session: Session, chat: int, catalogue: Catalogue) -> dict[str, Any]:
    """Everything that is kept of a chat, as plain JSON that `bring_in` takes back."""
    row = chats.get(session, chat)
    about = {"id": row.id, "language": row.language, "time_zone": row.time_zone, "kind": row.kind} if row else {}
    mine = [
        {name: getattr(follow, name) for name in _TAKEN_ALONG}
        | {"language": follow.language, "name": scope_name(catalogue, follow.scope)}
        for follow in follows.of_chat(session, chat)
    ]
    notices = [
        {"number": number, "state": state, "sent_at": at.isoformat() if at else None}
        for number, state, at in outbox.of_chat(session, chat)
    ]
    return {"clausewatch": 1, "chat": about, "follows": mine, "notices": notices}


def export_opml(session: Session, chat: int, catalogue: Catalogue, public_url: str) -> str:
    """The chat's platforms as an OPML list of our feeds, for any feed reader."""
    root = ElementTree.Element("opml", version="2.0")
    ElementTree.SubElement(ElementTree.SubElement(root, "head"), "title").text = "Clausewatch"
    body = ElementTree.SubElement(root, "body")
    for follow in follows.of_chat(session, chat):
        kind, _, name = follow.scope.partition(":")
        title = scope_name(catalogue, follow.scope)
        path = {"platform": f"platforms/{name}.atom", "category": f"categories/{name}.atom"}.get(kind, "changes.atom")
        url = f"{public_url}/{path}"
        ElementTree.SubElement(body, "outline", type="rss", text=title, title=title, xmlUrl=url, category=follow.scope)
    return ElementTree.tostring(root, encoding="unicode", xml_declaration=True)


def bring_in(session: Session, place: Place, data: bytes, catalogue: Catalogue, now: datetime) -> tuple[int, int]:
    """Takes in a JSON or OPML file: (new subscriptions, entries that mean nothing here). Raises NotUnderstood."""
    if len(data) > LARGEST_IMPORT:
        raise NotUnderstood("a file of more than 1 MiB")
    opml = data.lstrip()[:1] == b"<"
    about, entries = ({}, _read_opml(data, catalogue)) if opml else _read_json(data)
    new = unknown = 0
    for entry in entries[: 2 * follows.MOST]:
        try:
            scope = _checked_scope(catalogue, str(entry.get("scope", "")))
        except ClausewatchError:
            unknown += 1
            continue
        row, fresh = follow(session, place, scope, now)
        new += fresh
        _take_wishes(row, entry)
    _take_about(chats.get(session, place.chat), about)
    return new, unknown


def _read_json(data: bytes) -> tuple[dict[str, Any], list[dict[str, Any]]]:
    """What is said of the chat, and its subscriptions."""
    try:
        file = json.loads(data)
        about, found = file.get("chat") or {}, file["follows"]
        if isinstance(about, dict) and isinstance(found, list) and all(isinstance(entry, dict) for entry in found):
            return about, found
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
        pass
    raise NotUnderstood("this file")


def _read_opml(data: bytes, catalogue: Catalogue) -> list[dict[str, Any]]:
    if b"<!DOCTYPE" in data or b"<!ENTITY" in data:
        raise NotUnderstood("a file with a DTD")
    try:
        root = ElementTree.fromstring(data)  # nosec B314: no DTD, at most 1 MiB
    except ElementTree.ParseError as why:
        raise NotUnderstood("this file") from why
    return [
        {"scope": _scope_of_outline(outline, catalogue)} for outline in root.iter("outline") if outline.get("xmlUrl")
    ]


def _scope_of_outline(outline: ElementTree.Element, catalogue: Catalogue) -> str:
    named, url = outline.get("category", ""), outline.get("xmlUrl", "")
    if named == "all" or named.startswith(("platform:", "category:")):
        return named  # a feed reader may have put a folder of its own there
    match = re.search(r"/(platforms|categories)/([^/]+)\.atom$", url)
    if match:
        return {"platforms": "platform:", "categories": "category:"}[match.group(1)] + match.group(2)
    if url.endswith("/changes.atom") and "all" in (outline.get("title"), outline.get("text")):
        return "all"
    platform = catalogue.by_host(url)
    return f"platform:{platform.id}" if platform else ""


def _checked_scope(catalogue: Catalogue, scope: str) -> str:
    kind, _, name = scope.partition(":")
    known = {"all": scope == "all", "platform": name in catalogue.platforms, "category": name in categories(catalogue)}
    if not known.get(kind):
        raise NotUnderstood(scope)
    return scope


def _take_wishes(row: FollowRow, entry: dict[str, Any]) -> None:
    """Takes over the settings that are valid; anything else in a stranger's file is left out."""
    for field, values in CHOICES.items():
        if entry.get(field) in values:
            setattr(row, field, entry[field])
    if "kinds" in entry:
        kinds = [kind for kind in str(entry["kinds"]).split(",") if kind in KINDS]
        row.kinds = "," + ",".join(kinds) + "," if kinds else ""
    if _is_minute(entry.get("digest_minute")):
        row.digest_minute = entry["digest_minute"]
    hours = [entry.get("quiet_from", ""), entry.get("quiet_to", "")]
    if hours == [None, None] or all(map(_is_minute, hours)):
        row.quiet_from, row.quiet_to = hours


def _is_minute(value: object) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and 0 <= value < 1440


def _take_about(chat: ChatRow | None, about: dict[str, Any]) -> None:
    """Hours mean little without their time zone."""
    if chat is not None and about.get("language") in LANGUAGES:
        chat.language = about["language"]
    if chat is not None and about.get("time_zone") in available_timezones():
        chat.time_zone = about["time_zone"]
