"""From bytes to the text of a policy: what is kept, what falls away, and that nothing takes long."""

from __future__ import annotations

import time
from collections.abc import Callable
from contextlib import suppress

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from server.core import nesting
from server.core.charset import decode
from server.core.errors import UnreadableText
from server.core.extract import extract
from server.core.fingerprint import fingerprint

RUNNING = "You keep every right in the recordings that you upload, and we only store and play them for you. "
BODY = "".join(f"<p>{n}. {RUNNING}</p>" for n in range(20))


def text_of(html: str, **more: tuple[str, ...]) -> str:
    """The text of a page."""
    return extract(html.encode(), "text/html", charset="utf-8", **more).text


BLOCKS = [
    ("<h2>Rights</h2><p>One <b>bold</b> word.</p>", "## Rights\n\nOne bold word."),
    ("<ul><li>One<li>Two <ul><li>Inner</ul></ul>", "* One\n\n* Two\n\n    * Inner"),
    ("<ol><li><p>First</p><p>More of it</p></li></ol>", "* First\n\nMore of it"),
    ("<p>See <a href='https://x.example/y?token=1'>our rules</a>.</p>", "See our rules."),
    ("<table><tr><th>Data</th><th>Use</th></tr><tr><td>Name</td><td>Log<br>in</td></tr></table>",
     "| Data | Use |\n\n| Name | Log in |"),
    ("<table><tr><td><h2>Old page</h2><p>In a layout.</p></td></tr></table>", "## Old page\n\nIn a layout."),
    ("<div>One<br><br>Two<br>and on</div>", "One\n\nTwo and on"),
    ("<pre>One\nline\n\nTwo</pre>", "One line\n\nTwo"),
    ("<h3><button>Accordion</button></h3><div hidden><p>Folded away.</p></div>", "### Accordion\n\nFolded away."),
    ("<p>Soft\u00adhy\u200bphen\u00a0blank</p>", "Softhyphen blank"),
    ("<p># no heading</p>", "\\# no heading"),
    ("<h2>Unclosed<p>Text below.</p>", "Unclosed\n\nText below."),
    ("<p>Shown</p><script>var hidden=1</script><style>p{}</style><!-- no --><button>Accept</button>", "Shown"),
    ("<details><summary>Short</summary>Long</details>", "Short\n\nLong"),
]  # fmt: skip


@pytest.mark.parametrize(("html", "text"), BLOCKS)
def test_each_passage_becomes_a_block(html: str, text: str) -> None:
    assert text_of(f"<html><body>{html}</body></html>") == text


def page(body: str, *, before: str = "", after: str = "") -> str:
    """A page with a frame around a body."""
    menu = "".join(
        f"<li><a href='/{n}'>A link of the menu, number {n}, with many words in it</a></li>" for n in range(9)
    )
    return (
        f"<html><head><title>Terms | Example</title></head><body><nav><ul>{menu}</ul></nav>{before}{body}{after}"
        f"<footer><p>Example Ltd. is a company that has its seat in a town by a river. 2026</p></footer></body></html>"
    )


FRAMES = {
    "article": page(f"<main><article>{BODY}</article></main>"),
    "div soup": page(f"<div><div class=a><div class=b>{BODY}</div><div class=c><ul><li>Side</ul></div></div></div>"),
    "cookie dialog": page(f"<div>{BODY}</div>", after=f"<div role=dialog><p>{RUNNING}</p></div>"),
    "cookie banner": page(f"<div>{BODY}</div>", after=f"<div class='x cookie-banner'><p>{RUNNING}</p></div>"),
    "advertisement": page(f"<div>{BODY}</div>", before="<aside><p>New: helpers write captions for you</p></aside>"),
    "form around it all": page(f"<form><div>{BODY}</div></form>"),
}  # fmt: skip


@pytest.mark.parametrize("name", FRAMES)
def test_the_frame_of_a_site_falls_away(name: str) -> None:
    found = extract(FRAMES[name].encode(), "text/html")
    assert found.blocks == 20
    assert found.text.startswith("0. You keep")
    assert found.title == "Terms | Example"
    assert found.root.startswith("found")


def test_a_policy_shown_in_a_dialog_is_found_all_the_same() -> None:
    assert extract(page(f"<div role=dialog>{BODY}</div>").encode(), "text/html").blocks == 20


def test_headline_and_date_beside_the_body_belong_to_it_and_lists_of_links_do_not() -> None:
    beside = "<h1>Terms of Use</h1><p>Last updated: 3 May 2025</p><p>Share</p>"
    related = "<h3><a href=/x>What others read about this subject</a></h3>"
    text = text_of(page(f"<article>{beside}<div>{BODY}</div>{related}</article>"))
    assert text.startswith("# Terms of Use\n\nLast updated: 3 May 2025\n\n0. You keep")
    assert "Share" not in text
    assert "others read" not in text


def test_lists_and_their_introduction_stay_together() -> None:
    items = "".join(f"<li>{RUNNING}{n}</li>" for n in range(20))
    text = text_of(page(f"<div class=t><p>You may not:</p><ul>{items}</ul><p>Nor anything else.</p></div>"))
    assert text.startswith("You may not:\n\n* You keep")
    assert text.endswith("Nor anything else.")


def test_selectors_choose_and_remove() -> None:
    html = page(f"<div id=p><p>One policy line.</p><p class=ad>An advertisement.</p></div><div>{BODY}</div>")
    found = extract(html.encode(), "text/html", select=["#p"], remove=[".ad"])
    assert (found.text, found.root) == ("One policy line.", "selected: #p")


def test_a_selector_that_matches_nothing_is_said_and_the_root_is_found() -> None:
    found = extract(FRAMES["article"].encode(), "text/html", select=[".gone"])
    assert found.blocks == 20
    assert found.root.startswith("selectors match nothing (.gone); found")


def test_a_wrong_selector_is_named() -> None:
    with pytest.raises(UnreadableText, match="'p:::x' is not a CSS selector"):
        extract(b"<p>x</p>", "text/html", select=["p:::x"])


def test_nested_matches_are_taken_once() -> None:
    assert text_of("<body><div><div><p>Once</p></div></div></body>", select=("div",)) == "Once"


CHARSETS = [
    ("utf-8-sig", "windows-1252", "Grüße", "a mark goes before the header"),
    ("utf-16", "", "Grüße", "a mark needs no header"),
    ("iso-8859-2", "iso-8859-2", "Łódź", "the header"),
    ("shift_jis", "shift_jis", "利用規約", "the header, another script"),
    ("utf-8", "", "Grüße “so”", "UTF-8 when nothing is said"),
    ("cp1252", "", "Grüße “so”", "windows-1252 when it is not UTF-8"),
    ("cp1252", "iso-8859-1", "it’s", "the standard reads Latin-1 as windows-1252"),
    ("cp932", "Shift_JIS", "利用規約①", "Shift_JIS is read with its later signs"),
    ("cp932", "x-sjis", "利用規約", "an old label of Shift_JIS"),
    ("cp949", "euc-kr", "똠방각하", "EUC-KR is read as windows-949"),
    ("cp1254", "iso-8859-9", "“Şartlar”", "Latin-5 is read as windows-1254"),
    ("utf-8", "no-such-charset", "Grüße", "an unknown label is no label"),
    ("utf-8", "base64", "Grüße", "a codec that is no charset is no label"),
    *(("utf-8", name, "Grüße", f"{name} is no charset of pages") for name in ("idna", "punycode", "unicode_escape")),
]


@pytest.mark.parametrize(("encoding", "declared", "text", "why"), CHARSETS, ids=[case[3] for case in CHARSETS])
def test_charsets(encoding: str, declared: str, text: str, why: str) -> None:
    assert decode(text.encode(encoding), declared) == text


@pytest.mark.parametrize("kind", ["binary/octet-stream", "html", "text/html, text/html", "application/x-httpd-php"])
def test_a_page_is_a_page_whatever_its_server_calls_it(kind: str) -> None:
    assert extract(b"<!DOCTYPE html><html><body><p>You keep your rights.</p></body></html>", kind).text
    with pytest.raises(UnreadableText):
        extract(b'{"rights": "You keep your rights."}', kind)


def test_the_pages_own_charset_counts_when_the_header_is_silent() -> None:
    html = '<html><head><meta charset="iso-8859-2"></head><body><p>Łódź</p></body></html>'
    assert extract(html.encode("iso-8859-2"), "text/html").text == "Łódź"


@pytest.mark.parametrize("media_type", ["text/plain", "text/markdown", "text/markdown; charset=utf-8"])
def test_plain_text_passes_through(media_type: str) -> None:
    assert extract(b"# Terms\r\n\r\n* one  \r\n* two\r\n", media_type).text == "# Terms\n\n* one\n* two"


def test_a_page_that_is_called_plain_text_is_a_page() -> None:
    assert extract(b"<!DOCTYPE html><html><body><p>Hello</p></body></html>", "text/plain").text == "Hello"


@pytest.mark.parametrize(
    ("data", "media_type"),
    [
        (b"\x89PNG\r\n\x1a\n\x00\x00" * 50, "text/html"),
        (bytes(1000), "text/html"),
        (b"x", "image/png"),
        (b"", "video/mp4"),
    ],
)
def test_what_is_no_text_is_refused(data: bytes, media_type: str) -> None:
    with pytest.raises(UnreadableText):
        extract(data, media_type)


def test_an_empty_page_is_an_empty_text() -> None:
    assert text_of("<html><body><div id=root></div><script src=/app.js></script></body></html>") == ""


MB = 1_000_000
HOSTILE: dict[str, Callable[[], str]] = {
    "deep": lambda: "<div>" * MB,
    "deep behind a table": lambda: "<div><table></div></table>" * (MB // 5),
    "deep lists": lambda: "<ul><li>" * (MB // 2),
    "deep inline": lambda: "<b><i><u><font>" * (MB // 4) + "<p>" * (MB // 4),
    "attributes": lambda: "<p " + " ".join(f"a{n}=1" for n in range(MB // 2)) + ">x",
    "attributes with tricks": lambda: "<p " + " ".join(f'a{n}=">"' for n in range(MB // 4)) + ">x",
    "bare attributes": lambda: "<p " + " ".join(f"a{n}" for n in range(MB // 2)) + ">x",
    "flat": lambda: "<p>a</p>" * (MB // 2),
    "just as many as allowed": lambda: "<p>a</p>" * (nesting.TAGS // 2),
    "unclosed": lambda: "<p>a" * MB,
    "end tags": lambda: "</div>" * (MB // 2),
    "openings": lambda: "<" * (5 * MB),
    "comments": lambda: "<!--" * MB,
    "entities": lambda: "&amp;" * MB,
    "rows": lambda: "<table><tr><td>" * (MB // 4),
    "cells": lambda: "<table><tr>" + "<td>a</td>" * (MB // 4),
    "one word": lambda: "a" * (5 * MB),
    "line breaks": lambda: "<br>" * MB,
    "scripts": lambda: "<script>" * (MB // 2),
    "open quotes": lambda: '<a href="' * (MB // 2),
}


@pytest.mark.parametrize("name", HOSTILE)
def test_no_page_of_five_megabytes_takes_long(name: str) -> None:
    """Time of this process, so that a busy machine does not fail it; the worst need about 3 s."""
    data = HOSTILE[name]().encode()
    began = time.process_time()
    with suppress(UnreadableText):
        extract(data, "text/html")
    fingerprint(data)
    assert time.process_time() - began < 30


def test_the_guard_lets_pages_pass_that_only_look_crowded() -> None:
    nesting.check("<div>" * 400 + "</div>" * 400 + BODY * 800)
    nesting.check("<script>" + "if(a<b){x=1,y=2};" * 20_000 + "</script>" + BODY)
    nesting.check(f"<img src='data:image/png;base64,{'A' * 100_000}'>" + BODY)


FRAGMENTS = st.sampled_from([
    "<div>", "</div>", "<p>", "</p>", "<li>", "<ul>", "</ul>", "<table>", "<tr>", "<td>", "</table>", "<h2>", "</h2>",
    "<a href=x>", "</a>", "<br>", "<pre>", "<main>", "</main>", "<nav>", "<script>", "</script>", "<!--", "-->",
    "<button>", "<svg>", "<template>", "<select>", "<textarea>", "<title>", "<body>", "</body>", "<frameset>", "\x00",
    "\x1e", "\x1f", "\ud800", "&#0;", "&lt;", "\u00ad", "text ", RUNNING,
])  # fmt: skip


@given(parts=st.lists(FRAGMENTS | st.text(max_size=8), max_size=60))
@settings(max_examples=60, deadline=None)
def test_nothing_but_unreadable_text_is_raised_for_any_markup(parts: list[str]) -> None:
    data = "".join(parts).encode("utf-8", "surrogatepass")
    try:
        found = extract(data, "text/html", select=["main"], remove=["nav"])
    except UnreadableText:
        return
    assert found.blocks == 0 or found.text
    assert extract(data, "text/html", select=["main"], remove=["nav"]) == found
    for block in found.text.split("\n\n"):
        assert "\n" not in block


@given(data=st.binary(max_size=400), media_type=st.sampled_from(["text/html", "", "text/plain", "a/b", ";"]))
@settings(max_examples=60, deadline=None)
def test_nothing_but_unreadable_text_is_raised_for_any_bytes(data: bytes, media_type: str) -> None:
    with suppress(UnreadableText):
        extract(data, media_type, charset="x")


MARKED = f"<html><body><p class='a' data-t='1'>{RUNNING}</p><script>var t=1</script><!-- 1 --></body></html>"
SAME = [
    MARKED.replace("data-t='1'", "data-t='2f9'"),
    MARKED.replace("var t=1", "var token='abc'"),
    MARKED.replace("<!-- 1 -->", "<!-- served by node 7 -->"),
]
OTHER = [
    MARKED.replace("every", "no"),
    MARKED.replace("</p>", " Also this.</p>"),
    MARKED.replace("<!-- 1 -->", "<!--> Shown to readers. -->"),
    MARKED.replace("var t=1", "'<!--'").replace("<!-- 1 -->", "Shown. <!-- 1 -->"),
    MARKED.replace("</p>", "</p><p>"),
]


@pytest.mark.parametrize("html", SAME)
def test_markup_leaves_no_mark_on_the_fingerprint(html: str) -> None:
    assert fingerprint(html.encode()) == fingerprint(MARKED.encode())


@pytest.mark.parametrize("html", OTHER)
def test_words_do(html: str) -> None:
    assert fingerprint(html.encode()) != fingerprint(MARKED.encode())
