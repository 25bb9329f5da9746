"""Families `noai` and `noimageai`: the tags DeviantArt introduced, in robots meta tags and X-Robots-Tag headers."""

from __future__ import annotations

import re
from collections.abc import Iterator

from server.core.signals.crawlers import TOKENS
from server.core.signals.model import Page, Signal, Site, Use, Verdict

TAGS = ("noai", "noimageai")
_AGENT = re.compile(r"[\w.-]+")
# Directives that have a value of their own: the word before their colon is no crawler.
_VALUED = frozenset({"unavailable_after", "max-snippet", "max-image-preview", "max-video-preview"})


def read(site: Site) -> Iterator[Signal]:
    """For each tag where it stands, or one silence; a tag bound to a crawler counts when that crawler is watched."""
    page = site.page
    for tag in TAGS:
        if page.trouble:
            yield Signal(tag, Use.AI_TRAIN, Verdict.UNREADABLE, page.trouble, url=page.url)
        else:
            yield from list(_found(page, tag)) or [Signal(tag, Use.AI_TRAIN, Verdict.SILENT, url=page.url)]


def _found(page: Page, tag: str) -> Iterator[Signal]:
    for value in page.header("x-robots-tag"):
        for agent, directive in directives(value):
            if directive == tag and (not agent or agent in TOKENS):
                evidence = f"X-Robots-Tag: {value}"
                yield Signal(tag, Use.AI_TRAIN, Verdict.RESERVED, evidence, 0, page.url, TOKENS.get(agent, ""))
    for meta in page.metas:
        bound = TOKENS.get(meta.name, "")
        if (meta.name == "robots" or bound) and tag in _words(meta.content):
            evidence = f'<meta name="{meta.name}" content="{meta.content}">'
            yield Signal(tag, Use.AI_TRAIN, Verdict.RESERVED, evidence, meta.line, page.url, bound)


def directives(value: str) -> Iterator[tuple[str, str]]:
    """(crawler, directive) pairs of one X-Robots-Tag value, in lower case; a crawler's name holds to its end."""
    agent = ""
    for part in value.split(","):
        word = part.strip().lower()
        name, colon, rest = word.partition(":")
        if colon and name.strip() not in _VALUED and _AGENT.fullmatch(name.strip()):
            agent, word = name.strip(), rest.strip()
        yield agent, word


def _words(content: str) -> set[str]:
    return {word.strip().lower() for word in content.split(",")}
