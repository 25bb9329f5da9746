"""Family `rsl`: Really Simple Licensing 1.0: where a licence is announced, and which uses it permits or prohibits."""

from __future__ import annotations

from collections.abc import Iterator
from urllib.parse import urljoin, urlsplit

from server.core.signals import licences, robots
from server.core.signals.crawling import path_of
from server.core.signals.links import licence_links
from server.core.signals.model import File, Page, Signal, Site, Use, Verdict

FAMILY = "rsl"
USES = {
    "all": (Use.AI_TRAIN, Use.AI_INPUT, Use.SEARCH),
    "ai-all": (Use.AI_TRAIN, Use.AI_INPUT),
    "ai-train": (Use.AI_TRAIN,),
    "ai-input": (Use.AI_INPUT,),
    "search": (Use.SEARCH,),
}


def announced(robots_file: File, page: Page) -> tuple[str, ...]:
    """Addresses of the licences that robots.txt, Link headers and the page's tags name, each once."""
    lines = robots.parse(robots_file.text).lines
    named = [line.value for line in lines if line.key == "license"]
    linked = [_joined(page.url, href) for value in page.header("link") for href in licence_links(value)]
    tagged = [_joined(page.url, found.href) for found in page.licences if found.href]
    return tuple(dict.fromkeys(url for url in (*named, *linked, *tagged) if _is_web(url)))


def read(site: Site) -> Iterator[Signal]:
    """What the licences say of the page. Found but not readable is unreadable; none found is silent."""
    files = [*site.licences, *(File(site.page.url, found.text, False) for found in site.page.licences if found.text)]
    found = [signal for file in files for signal in _from_licence(file, site.page.url)]
    yield from found
    if not any(signal.use is Use.AI_TRAIN for signal in found):
        trouble = "" if files else site.robots.trouble or site.page.trouble
        yield Signal(
            FAMILY, Use.AI_TRAIN, Verdict.UNREADABLE if trouble else Verdict.SILENT, trouble, url=site.robots.url
        )


def _from_licence(file: File, page_url: str) -> Iterator[Signal]:
    contents = None if file.missing or file.trouble else licences.parse(file.text)
    if contents is None:
        why = file.trouble or ("announced, but not there" if file.missing else "not a licence in RSL's XML")
        yield Signal(FAMILY, Use.AI_TRAIN, Verdict.UNREADABLE, why, url=file.url)
        return
    scopes = [(len(content.url), content) for content in contents if _covers(content.url, page_url)]
    if scopes:
        content = max(scopes, key=lambda scope: scope[0])[1]  # the narrower scope comes first
        for use in (Use.AI_TRAIN, Use.AI_INPUT, Use.SEARCH):
            if signal := _judge(content, use, file.url):
                yield signal


def _judge(content: licences.Content, use: Use, url: str) -> Signal | None:
    """The strictest reading where a licence prohibits; else what any of the licences offers freely; else reserved."""
    terms = [term for licence in content.licences for term in licence.terms]
    banning = next((term for term in terms if not term.permits and use in _uses(term)), None)
    granting = next((term for term in terms if term.permits and use in _uses(term)), None)
    if banning:
        return Signal(FAMILY, use, Verdict.RESERVED, banning.raw, banning.line, url)
    free = any(licence.free and _grants(licence, use) for licence in content.licences) and not content.server
    if granting:
        verdict = Verdict.ALLOWED if free else Verdict.RESERVED
        return Signal(FAMILY, use, verdict, granting.raw + ("" if free else " (on conditions)"), granting.line, url)
    excluding = next((term for term in terms if term.permits and term.kind == "usage"), None)
    if excluding:  # a list of permitted uses leaves all others out
        return Signal(FAMILY, use, Verdict.RESERVED, excluding.raw, excluding.line, url)
    return None


def _grants(licence: licences.Licence, use: Use) -> bool:
    return any(term.permits and use in _uses(term) for term in licence.terms)


def _uses(term: licences.Term) -> set[Use]:
    return {use for word in term.words for use in USES.get(word, ())} if term.kind == "usage" else set()


def _covers(pattern: str, page_url: str) -> bool:
    if _is_web(pattern):
        scope = urlsplit(pattern)
        return scope.hostname == urlsplit(page_url).hostname and robots.same_path(path_of(pattern), path_of(page_url))
    return robots.same_path(pattern, path_of(page_url))


def _is_web(url: str) -> bool:
    try:
        parts = urlsplit(url)
        return parts.scheme in ("http", "https") and bool(parts.hostname)
    except ValueError:
        return False


def _joined(base: str, href: str) -> str:
    try:
        return urljoin(base, href)
    except ValueError:
        return ""
