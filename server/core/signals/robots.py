"""robots.txt by RFC 9309, keeping what evidence needs: line numbers, raw lines, and directives unknown here."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from urllib.parse import quote

RULES = frozenset({"allow", "disallow"})
"""Directives that end a run of User-agent lines. An extension that counts itself a rule is parsed with itself added."""
LARGEST = 500 * 1024
"""Bytes; RFC 9309 section 2.5 obliges nobody to read further."""

# Google's parser takes these for the words meant, and so do its crawlers; RFC 9309 section 2.2 leaves it open.
_MISSPELT = {
    "useragent": "user-agent",
    "user agent": "user-agent",
    "dissallow": "disallow",
    "dissalow": "disallow",
    "disalow": "disallow",
    "diasllow": "disallow",
    "disallaw": "disallow",
}
_LINE_END = re.compile(r"\r\n|\r|\n")
# Digits are no part of a token in RFC 9309 section 2.2.1, but of the names of some crawlers.
_TOKEN = re.compile(r"\*(?!\S)|[A-Za-z0-9_-]+")
_ESCAPE = re.compile(r"%[0-9a-fA-F]{2}")
_UNRESERVED = frozenset("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~")


@dataclass(frozen=True, slots=True)
class Line:
    """One directive: its number from 1, its name in lower case, its value, and the line as written."""

    number: int
    key: str
    value: str
    raw: str


@dataclass(frozen=True, slots=True)
class Group:
    """A run of User-agent lines with the directives that follow, known and unknown."""

    agents: tuple[Line, ...]
    lines: tuple[Line, ...]


@dataclass(frozen=True, slots=True)
class Robots:
    """A parsed file: all its directives in order, and the groups they form."""

    lines: tuple[Line, ...]
    groups: tuple[Group, ...]
    named: Mapping[str, tuple[tuple[Line, Group], ...]]
    """For each product token: the groups that name it, each with the User-agent line that does."""


@dataclass(frozen=True, slots=True)
class Decision:
    """What a file says about one crawler and one path."""

    allowed: bool
    agent: Line | None = None
    """The User-agent line that matched; None when no group speaks of this crawler."""
    rule: Line | None = None
    """The rule that decided; None when no rule matches the path."""


def parse(text: str, rules: frozenset[str] = RULES) -> Robots:
    """The directives and groups of a file. Takes any text and never raises."""
    lines = tuple(_lines(text))
    groups = tuple(_groups(lines, rules))
    return Robots(lines, groups, _by_token(groups))


def allowed(robots: Robots, agent: str, path: str) -> bool:
    """Whether a crawler, by its product token or whole User-Agent, may fetch a path with its query."""
    return decide(robots, agent, path).allowed


def decide(robots: Robots, agent: str, path: str) -> Decision:
    """The rule that decides: the longest that matches, Allow before Disallow (RFC 9309 section 2.2.2)."""
    groups = groups_for(robots, agent)
    if path == "/robots.txt" or not groups:
        return Decision(allowed=True, agent=groups[0][0] if groups else None)
    wanted = _canonical(path or "/", literal=True)
    candidates = [
        (len(pattern), line.key == "allow", agent_line, line)
        for agent_line, group in groups
        for line in group.lines
        if line.key in RULES and matches(pattern := _canonical(line.value), wanted)
    ]
    if not candidates:
        return Decision(allowed=True, agent=groups[0][0])
    _, is_allowed, agent_line, rule = max(candidates, key=lambda found: found[:2])
    return Decision(is_allowed, agent_line, rule)


def groups_for(robots: Robots, agent: str) -> tuple[tuple[Line, Group], ...]:
    """All groups that name the crawler, else all groups for `*`, each with the User-agent line that matched."""
    return robots.named.get(product_token(agent)) or robots.named.get("*", ())


def product_token(value: str) -> str:
    """The product token that a User-agent value begins with, in lower case: "GPTBot/1.2" → "gptbot".

    A line holds one token (RFC 9309 section 2.2.1). Of "GPTBot, CCBot" crawlers hear the first, by Google's parser for
    one, which reads as far as the characters of a token go; nobody hears the others.
    """
    token = _TOKEN.match(value.strip())
    return token.group(0).lower() if token else ""


def matches(pattern: str, path: str) -> bool:
    """Whether a path pattern with `*` and a final `$` matches; an empty pattern matches nothing."""
    if not pattern:
        return False
    anchored = pattern.endswith("$")
    first, *others = pattern.removesuffix("$").split("*")
    if not others:
        return path == first if anchored else path.startswith(first)
    return path.startswith(first) and _follow(path, len(first), others, anchored)


def same_path(value: str, path: str) -> bool:
    """`matches` for a pattern and a path as written, each brought to one spelling of escapes first."""
    return matches(_canonical(value), _canonical(path, literal=True))


def _follow(path: str, start: int, parts: list[str], anchored: bool) -> bool:
    """Whether the parts follow each other in the path; taking each at its first place is enough."""
    *middle, last = parts
    for part in middle:
        found = path.find(part, start)
        if found < 0:
            return False
        start = found + len(part)
    return path.endswith(last) and len(path) - len(last) >= start if anchored else path.find(last, start) >= 0


def _lines(text: str) -> Iterator[Line]:
    for number, raw in enumerate(_LINE_END.split(text.removeprefix("\ufeff")), 1):
        content = raw.partition("#")[0].strip()
        key, colon, value = content.partition(":")
        if not colon:
            key, _, value = content.partition(" ")
            if len(content.split()) != 2:
                continue
        key = key.strip().lower()
        if key:
            yield Line(number, _MISSPELT.get(key, key), value.strip(), raw.strip())


def _groups(lines: Iterable[Line], rules: frozenset[str]) -> Iterator[Group]:
    agents: list[Line] = []
    body: list[Line] = []
    ended = False
    for line in lines:
        if line.key == "user-agent":
            if ended:
                yield Group(tuple(agents), tuple(body))
                agents, body, ended = [], [], False
            agents.append(line)
        elif agents:
            # Only a rule ends the run of User-agent lines: a Sitemap or an unknown line between two must not split it.
            body.append(line)
            ended = ended or line.key in rules
    if agents:
        yield Group(tuple(agents), tuple(body))


def _by_token(groups: Iterable[Group]) -> dict[str, tuple[tuple[Line, Group], ...]]:
    named: dict[str, list[tuple[Line, Group]]] = {}
    for group in groups:
        for token, line in {product_token(line.value): line for line in reversed(group.agents)}.items():
            named.setdefault(token, []).append((line, group))
    return {token: tuple(found) for token, found in named.items() if token}


def _canonical(path: str, literal: bool = False) -> str:
    """One spelling of escapes (RFC 9309 section 2.2.2); in a literal path `*` and `$` stand for themselves."""
    encoded = quote(path, safe="!#$%&'()*+,/:;=?@[]~-._", errors="replace")
    encoded = _ESCAPE.sub(_unescaped, encoded)
    return encoded.replace("*", "%2A").replace("$", "%24") if literal else encoded


def _unescaped(escape: re.Match[str]) -> str:
    character = chr(int(escape.group(0)[1:], 16))
    return character if character in _UNRESERVED else escape.group(0).upper()
