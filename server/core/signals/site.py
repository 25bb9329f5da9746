"""From fetched answers to the files and the page that the families read."""

from __future__ import annotations

import re
from collections.abc import Iterator

from server.core.signals.model import Answer, File, Licence, Meta, Page
from server.core.signals.robots import LARGEST
from server.core.signals.tags import Tag, tags

_HTML = re.compile(r"<(!doctype\s+html|html|head|body)\b", re.IGNORECASE)
_TAG = re.compile(r"<[a-zA-Z/!]")
RSL_TYPE = "application/rsl+xml"
MISSING = frozenset({404, 410})
"""Statuses that say that a file is not there; any other error says nothing."""
_LARGEST_PAGE = 1_000_000
"""Characters of mark-up that are looked through; tags for crawlers stand in the head."""


def read_file(answer: Answer) -> File:
    """A text file. An error, a page in its place or an oversized body is trouble; only 404 and 410 are absence."""
    if answer.status in MISSING:
        return File(answer.url)
    trouble = _trouble(answer) or _body_trouble(answer)
    if trouble:
        return File(answer.url, trouble=trouble)
    return File(answer.url, _text(answer), missing=False)


def read_page(answer: Answer) -> Page:
    """The headers and tags of a page; any status but 2xx is trouble."""
    if trouble := _trouble(answer):
        return Page(answer.url, trouble=trouble)
    if _kind(answer) and not _is_html(answer):
        return Page(answer.url, answer.headers)
    found = list(_outside_templates(_text(answer)[:_LARGEST_PAGE]))
    return Page(
        answer.url,
        answer.headers,
        metas=tuple(_meta(tag) for tag in found if tag.name == "meta" and "name" in tag.attributes),
        licences=tuple(_licence(tag) for tag in found if _is_licence(tag)),
    )


def _trouble(answer: Answer) -> str:
    if answer.status == 0:
        return answer.trouble or "no answer"
    return "" if 200 <= answer.status < 300 else f"status {answer.status}"


def _body_trouble(answer: Answer) -> str:
    if len(answer.body) > LARGEST:
        return "larger than 500 KiB"
    if b"\0" in answer.body:
        return "not a text in UTF-8"
    return "an HTML page stands in its place" if _is_mark_up(answer) else ""


def _is_mark_up(answer: Answer) -> bool:
    """Whether a page stands in the place of a file. What a script prints comes as text/html, too, but without tags."""
    text = _text(answer)
    return _is_html(answer) and (not text.strip() or _TAG.search(text) is not None)


def _is_html(answer: Answer) -> bool:
    return "html" in _kind(answer) or bool(_HTML.match(_without_comments(_text(answer)[:4096])))


def _kind(answer: Answer) -> str:
    return next(iter(answer.header("content-type")), "").strip().lower()


def _without_comments(text: str) -> str:
    """The text from its first character that is neither white space nor in a comment."""
    text = text.lstrip()
    while text.startswith("<!--") and "-->" in text:
        text = text.partition("-->")[2].lstrip()
    return text


def _text(answer: Answer) -> str:
    return answer.body.decode("utf-8-sig", errors="replace")


def _outside_templates(text: str) -> Iterator[Tag]:
    """The tags that stand in the page itself; a template is no part of it until a script copies it."""
    depth = 0
    for tag in tags(text):
        depth += (tag.name == "template") - (tag.name == "/template" and depth > 0)
        if not depth:
            yield tag


def _meta(tag: Tag) -> Meta:
    return Meta(tag.attributes["name"].strip().lower(), tag.attributes.get("content", ""), tag.line)


def _is_licence(tag: Tag) -> bool:
    if tag.attributes.get("type", "").strip().lower() != RSL_TYPE:
        return False
    return tag.name == "script" or (tag.name == "link" and "license" in tag.attributes.get("rel", "").lower().split())


def _licence(tag: Tag) -> Licence:
    return Licence(tag.attributes.get("href", "").strip(), tag.content, tag.line)
