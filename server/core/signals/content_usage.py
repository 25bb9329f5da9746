"""Family `content-usage`: AIPREF preferences (IETF drafts vocab-07 and attach-05), in robots.txt rules and headers."""

from __future__ import annotations

from collections.abc import Iterator

from server.core.signals import robots
from server.core.signals.crawlers import TOKENS
from server.core.signals.crawling import path_of
from server.core.signals.fields import read_dictionary
from server.core.signals.model import Signal, Site, Use, Verdict
from server.core.signals.places import read_place

FAMILY = "content-usage"
USES = {"train-ai": Use.AI_TRAIN, "search": Use.SEARCH}
OLDER = frozenset({"ai", "ai-output", "all", "bots", "genai", "inference", "tdm", "train-genai"})
"""Labels of earlier drafts, which sites keep: shown, never mapped."""
_VERDICTS = {"y": Verdict.ALLOWED, "n": Verdict.RESERVED}


def read(site: Site) -> Iterator[Signal]:
    """Every preference stated, and of each place a word on training: silent when it has none, unreadable if unseen."""
    yield from read_place(FAMILY, site.robots, _from_robots(site))
    yield from read_place(FAMILY, site.page, _from_headers(site))


def _from_headers(site: Site) -> Iterator[Signal]:
    for value in site.page.header("content-usage"):
        yield from _signals(value, f"Content-Usage: {value}", 0, site.page.url, "")


def _from_robots(site: Site) -> Iterator[Signal]:
    parsed = robots.parse(site.robots.text, robots.RULES | {"content-usage"})
    path = path_of(site.page.url)
    for token in ("*", *TOKENS.values()):
        groups = parsed.named.get(token.lower(), ())
        if groups and robots.allowed(parsed, token, path):  # a preference on what may not be crawled means nothing
            lines = [line for _, group in groups for line in group.lines if line.key == "content-usage"]
            for line in _most_specific(lines, path):
                agent = "" if token == "*" else token
                yield from _signals(_split(line.value)[1], line.raw, line.number, site.robots.url, agent)


def _most_specific(lines: list[robots.Line], path: str) -> list[robots.Line]:
    """The lines whose path matches and is the longest; several of that length all count."""
    matching = [(len(_split(line.value)[0]), line) for line in lines if robots.same_path(_split(line.value)[0], path)]
    longest = max((length for length, _ in matching), default=0)
    return [line for length, line in matching if length == longest]


def _split(value: str) -> tuple[str, str]:
    """Path and preference of a rule; without a path the rule is for everything."""
    if not value.startswith("/"):
        return "/", value
    path, *preference = value.split(None, 1)
    return path, "".join(preference)


def _signals(preference: str, raw: str, line: int, url: str, agent: str) -> Iterator[Signal]:
    labels = read_dictionary(preference)
    for label, use in USES.items():
        if verdict := _VERDICTS.get(labels.get(label, "")):
            yield Signal(FAMILY, use, verdict, raw, line, url, agent)
    if older := sorted(OLDER & labels.keys()):
        note = f"{raw} (labels of an older draft: {', '.join(older)})"
        yield Signal(FAMILY, Use.NONE, Verdict.SILENT, note, line, url, agent)
