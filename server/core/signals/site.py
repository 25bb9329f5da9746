"""From fetched answers to the files and the page that the families read."""

from __future__ import annotations

import re
from html.parser import HTMLParser

from server.core.signals.model import Answer, File, Licence, Meta, Page
from server.core.signals.robots import LARGEST

_HTML = re.compile(r"\s*(<!--.*?-->\s*)*<(!doctype\s+html|html|head|body)\b", re.IGNORECASE | re.DOTALL)
_MISSING = frozenset({404, 410})
_LARGEST_PAGE = 1_000_000
"""Characters of mark-up that are looked through; tags for crawlers stand in the head."""


def read_file(answer: Answer) -> File:
    """A text file. An error, a page in its place or an oversized body is trouble; only 404 and 410 are absence."""
    if answer.status in _MISSING:
        return File(answer.url)
    trouble = _trouble(answer) or _body_trouble(answer)
    if trouble:
        return File(answer.url, trouble=trouble)
    return File(answer.url, _text(answer), missing=False)


def read_page(answer: Answer) -> Page:
    """The headers and tags of a page; any status but 2xx is trouble."""
    if trouble := _trouble(answer):
        return Page(answer.url, trouble=trouble)
    if not _is_html(answer):
        return Page(answer.url, answer.headers)
    scan = _Scan()
    scan.look_through(_text(answer)[:_LARGEST_PAGE])
    return Page(answer.url, answer.headers, tuple(scan.metas), tuple(scan.licences))


def _trouble(answer: Answer) -> str:
    if answer.status == 0:
        return answer.trouble or "no answer"
    return "" if 200 <= answer.status < 300 else f"status {answer.status}"


def _body_trouble(answer: Answer) -> str:
    if len(answer.body) > LARGEST:
        return "larger than 500 KiB"
    return "an HTML page stands in its place" if _is_html(answer) else ""


def _is_html(answer: Answer) -> bool:
    kind = next(iter(answer.header("content-type")), "").lower()
    return "html" in kind or bool(_HTML.match(_text(answer)[:4096]))


def _text(answer: Answer) -> str:
    return answer.body.decode("utf-8-sig", errors="replace")


class _Scan(HTMLParser):
    """Collects meta tags and licences; comments and scripts are no mark-up to the parser."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.metas: list[Meta] = []
        self.licences: list[Licence] = []
        self._templates = 0
        self._inline: int | None = None

    def look_through(self, text: str) -> None:
        """Parse as far as the parser can; mark-up that it gives up on leaves what was found before."""
        try:
            self.feed(text)
            self.close()
        except (AssertionError, ValueError):
            return

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self._templates += tag == "template"
        if self._templates:
            return
        found = {key: value or "" for key, value in reversed(attrs)}  # of a repeated attribute the first counts
        if tag == "meta" and "name" in found:
            self.metas.append(Meta(found["name"].strip().lower(), found.get("content", ""), self.getpos()[0]))
        elif tag == "link" and _links_licence(found):
            self.licences.append(Licence(found.get("href", "").strip(), "", self.getpos()[0]))
        elif tag == "script" and found.get("type", "").strip().lower() == RSL_TYPE:
            self._inline = self.getpos()[0]

    def handle_endtag(self, tag: str) -> None:
        self._templates -= tag == "template" and self._templates > 0
        if tag == "script":
            self._inline = None

    def handle_data(self, data: str) -> None:
        if self._inline is not None:
            self.licences.append(Licence("", data, self._inline))
            self._inline = None


RSL_TYPE = "application/rsl+xml"


def _links_licence(attributes: dict[str, str]) -> bool:
    relations = attributes.get("rel", "").lower().split()
    return "license" in relations and attributes.get("type", "").strip().lower() == RSL_TYPE
