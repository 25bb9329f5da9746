"""Documents as pages: HTML, PDF, several pages, scripts that draw, walls under any status, robots.txt."""

from __future__ import annotations

import io
import os
import time
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext
from dataclasses import dataclass, field

import pytest
from pypdf import PdfWriter
from pypdf.generic import DecodedStreamObject, DictionaryObject, NameObject
from redis import Redis

from server.core.errors import Busy, RateLimited, Refused, ServerTrouble, SourceError, UnreadableText
from server.core.model import CaptureKind, Document
from server.sources import browser, pdf
from server.sources.courtesy import host_of
from server.sources.http import Validators, Web
from server.sources.pages import fetch_document
from server.sources.spacing import NoSpacing, Spacing
from tests.sources.conftest import ForeignSite, serving
from tests.sources.pdfs import encrypted, pdf_of

LINE = "You keep every right in the recordings that you upload, and we only store and play them for you."
POLICY = (
    f"<html><head><title>Terms</title></head><body><main><h1>Terms</h1>{f'<p>{LINE}</p>' * 20}</main></body></html>"
)
WALL = "<title>Just a moment...</title><p>Checking your browser before you go on. This takes a second or two.</p>"


def document(*urls: str, **more: object) -> Document:
    """A document at these addresses."""
    return Document("example", "terms", "Terms of Service", urls, **more)  # type: ignore[arg-type]


def test_a_page_becomes_text_with_its_validators(site: ForeignSite, web: Web) -> None:
    site.page("/terms", POLICY.encode(), ETag='"7"')
    page = fetch_document(web, NoSpacing(), document(site.url + "/terms"), Validators())
    assert (page.kind, page.reason, page.etag) == (CaptureKind.POLICY, "", '"7"')
    assert page.text.startswith("# Terms\n\nYou keep")
    assert page.body == POLICY.encode()


class Hurried(Spacing):
    """Waits for nobody."""

    def visit(self, host: str, *, patience: float = 0.0) -> AbstractContextManager[None]:
        return super().visit(host, patience=0.0)


@dataclass
class Noted:
    """Lets every visit through, and notes by which host it was to be spaced."""

    hosts: list[str] = field(default_factory=list)

    @contextmanager
    def visit(self, host: str, *, patience: float = 0.0) -> Iterator[None]:
        self.hosts.append(host)
        yield


def test_a_site_with_and_without_www_is_one_host(site: ForeignSite) -> None:
    look_up = {"tunes.example": "127.0.0.1", "www.tunes.example": "127.0.0.1", "wwwtunes.example": "127.0.0.1"}
    web = Web("test", allow_private=True, look_up=lambda host, port: [look_up[host]])
    site.page("/terms", POLICY.encode())
    visits, port = Noted(), site.server.server_address[1]
    for host in ("tunes.example", "WWW.tunes.example", "wwwtunes.example"):
        fetch_document(web, visits, document(f"http://{host}:{port}/terms"), Validators())
    assert visits.hosts == [f"tunes.example:{port}", f"tunes.example:{port}", f"wwwtunes.example:{port}"]


def test_a_304_is_unchanged(site: ForeignSite, web: Web) -> None:
    site.page("/terms", b"", 304, ETag='"7"')
    page = fetch_document(web, NoSpacing(), document(site.url + "/terms"), Validators('"7"'))
    assert page.unchanged
    assert page.etag == '"7"'


def test_several_pages_are_joined_in_order_and_patiently(site: ForeignSite, web: Web) -> None:
    site.page("/1", POLICY.replace("upload", "upload first").encode())
    site.page("/2", POLICY.replace("upload", "upload later").encode())
    waits: list[float] = []

    class Visits:
        @contextmanager
        def visit(self, host: str, *, patience: float = 0.0) -> Iterator[None]:
            waits.append(patience)
            yield

    page = fetch_document(web, Visits(), document(site.url + "/1", site.url + "/2"), Validators('"x"'))
    assert page.text.index("upload first") < page.text.index("upload later")
    assert waits[0] == 0 < waits[1]
    assert all("If-None-Match" not in headers for _, headers in site.asked)


def test_one_bad_page_of_several_spoils_the_document(site: ForeignSite, web: Web) -> None:
    site.page("/1", POLICY.encode())
    site.page("/2", WALL.encode())
    page = fetch_document(web, NoSpacing(), document(site.url + "/1", site.url + "/2"), Validators())
    assert (page.kind, page.text) == (CaptureKind.WALL, "")


def test_a_pdf_becomes_text(site: ForeignSite, web: Web) -> None:
    site.page("/terms.pdf", pdf_of(*[f"{n}. {LINE}" for n in range(10)]), Content_Type="application/pdf")
    page = fetch_document(web, NoSpacing(), document(site.url + "/terms.pdf"), Validators())
    assert page.kind is CaptureKind.POLICY
    assert "7. You keep every right" in page.text


@pytest.mark.parametrize("algorithm", ["RC4-128", "AES-128", "AES-256-R5", "AES-256"])
def test_a_pdf_is_read_that_is_encrypted_against_editing_only(site: ForeignSite, web: Web, algorithm: str) -> None:
    plain = pdf_of(*[f"{n}. {LINE}" for n in range(10)])
    site.page("/plain.pdf", plain, Content_Type="application/pdf")
    site.page("/terms.pdf", encrypted(plain, algorithm, ""), Content_Type="application/pdf")
    page = fetch_document(web, NoSpacing(), document(site.url + "/terms.pdf"), Validators())
    assert b"You keep" not in page.body
    assert page.kind is CaptureKind.POLICY
    assert page.text == fetch_document(web, NoSpacing(), document(site.url + "/plain.pdf"), Validators()).text


@pytest.mark.parametrize("algorithm", ["RC4-128", "AES-256"])
def test_a_pdf_that_wants_a_password_is_no_text_and_says_so(site: ForeignSite, web: Web, algorithm: str) -> None:
    body = encrypted(pdf_of(*[f"{n}. {LINE}" for n in range(10)]), algorithm, "the reader's")
    site.page("/terms.pdf", body, Content_Type="application/pdf")
    page = fetch_document(web, NoSpacing(), document(site.url + "/terms.pdf"), Validators())
    assert (page.kind, page.reason, page.text) == (CaptureKind.NOT_TEXT, "The PDF opens only with a password.", "")


@pytest.mark.parametrize("body", [b"%PDF-1.7\ngarbage", b"%PDF-", b"%PDF-1.4\n" + os.urandom(5000)])
def test_a_broken_pdf_is_no_text(site: ForeignSite, web: Web, body: bytes) -> None:
    site.page("/terms.pdf", body, Content_Type="application/pdf")
    page = fetch_document(web, NoSpacing(), document(site.url + "/terms.pdf"), Validators())
    assert (page.kind, page.text) == (CaptureKind.NOT_TEXT, "")


@pytest.mark.parametrize("broken", [(b"/FlateDecode", b"/FlatXDecode"), (b"/FlateDecode", b"/Fl        ")])
def test_a_pdf_with_an_unknown_filter_is_no_text(site: ForeignSite, web: Web, broken: tuple[bytes, bytes]) -> None:
    writer = PdfWriter(clone_from=io.BytesIO(pdf_of(LINE)))
    writer.pages[0].compress_content_streams()
    out = io.BytesIO()
    writer.write(out)
    site.page("/terms.pdf", out.getvalue().replace(*broken), Content_Type="application/pdf")
    page = fetch_document(web, NoSpacing(), document(site.url + "/terms.pdf"), Validators())
    assert (page.kind, page.text) == (CaptureKind.NOT_TEXT, "")


@pytest.mark.parametrize("nested", [False, True])
def test_a_pdf_that_takes_for_ever_ends_with_its_time(monkeypatch: pytest.MonkeyPatch, nested: bool) -> None:
    monkeypatch.setattr(pdf, "SECONDS", 1.0)
    writer = PdfWriter(clone_from=io.BytesIO(pdf_of(LINE)))
    page, content = writer.pages[0], DecodedStreamObject()
    content.set_data(b"BT /F 9 Tf " + b"(a) Tj " * 300_000 + b" ET")
    if nested:
        content |= {NameObject("/Subtype"): NameObject("/Form"), NameObject("/Resources"): page["/Resources"]}
        page["/Resources"][NameObject("/XObject")] = DictionaryObject({NameObject("/X"): writer._add_object(content)})
        content = DecodedStreamObject()
        content.set_data(b"/X Do")
    page[NameObject("/Contents")] = writer._add_object(content)
    out = io.BytesIO()
    writer.write(out)
    began = time.process_time()
    with pytest.raises(UnreadableText, match="too long"):
        pdf.text_of(out.getvalue())
    assert time.process_time() - began < 30


@pytest.mark.parametrize(("mapped", "shown"), [("0000", " "), ("D83D", "?"), ("00C4", "Ä")])
def test_what_no_database_keeps_is_not_in_the_text_of_a_pdf(
    site: ForeignSite, web: Web, mapped: str, shown: str
) -> None:
    pdf = pdf_of(*[f"{n}. {LINE} xAy" for n in range(10)], mapped=mapped)
    site.page("/terms.pdf", pdf, Content_Type="application/pdf")
    text = fetch_document(web, NoSpacing(), document(site.url + "/terms.pdf"), Validators()).text
    assert f"x{shown}y" in text
    assert text.encode() and "\0" not in text


@pytest.mark.parametrize("kind", ["text/plain", "text/markdown", "text/html"])
def test_no_text_holds_a_nul(site: ForeignSite, web: Web, kind: str) -> None:
    site.page("/terms", f"{LINE}\0\n\n".encode() * 20, Content_Type=kind, ETag='"1\0"')
    page = fetch_document(web, NoSpacing(), document(site.url + "/terms"), Validators())
    assert LINE in page.text and "\0" not in page.text
    assert page.etag == '"1"'


@pytest.mark.parametrize("kind", ["text/html; charset=windows-1251", "text/html;Charset = 'Windows-1251'; x=y"])
def test_a_charset_may_be_written_in_any_case(site: ForeignSite, web: Web, kind: str) -> None:
    body = "<p>Вы сохраняете все права на загруженные записи, и мы лишь храним их для вас.</p>" * 20
    site.page("/terms", body.encode("windows-1251"), Content_Type=kind)
    page = fetch_document(web, NoSpacing(), document(site.url + "/terms", language="ru"), Validators())
    assert "Вы сохраняете все права" in page.text


@pytest.mark.parametrize(
    "kind", ["text/html; charset=idna", "text/html; charset=punycode", "text/html; xcharset=utf-16"]
)
def test_a_charset_that_is_none_does_no_harm(site: ForeignSite, web: Web, kind: str) -> None:
    site.page("/terms", POLICY.encode(), Content_Type=kind)
    page = fetch_document(web, NoSpacing(), document(site.url + "/terms"), Validators())
    assert page.text.startswith("# Terms\n\nYou keep")


def test_a_short_page_in_wide_characters_is_read_by_its_header(site: ForeignSite, web: Web) -> None:
    site.page("/terms", f"<p>{LINE}</p>".encode("utf-16-le") * 5, Content_Type="text/html; charset=utf-16le")
    page = fetch_document(web, NoSpacing(), document(site.url + "/terms"), Validators())
    assert (page.kind, LINE in page.text) == (CaptureKind.POLICY, True)


@pytest.mark.parametrize("status", [200, 403, 503, 429])
def test_a_bot_wall_is_named_whatever_its_status(site: ForeignSite, web: Web, status: int) -> None:
    site.page("/terms", WALL.encode(), status)
    page = fetch_document(web, NoSpacing(), document(site.url + "/terms"), Validators())
    assert (page.kind, page.reason, page.status) == (CaptureKind.WALL, "blocked by a bot wall", status)


@pytest.mark.parametrize(("status", "error"), [(403, SourceError), (503, ServerTrouble)])
def test_other_refusals_stay_errors(site: ForeignSite, web: Web, status: int, error: type[SourceError]) -> None:
    site.page("/terms", b"<h1>No</h1>", status)
    with pytest.raises(error):
        fetch_document(web, NoSpacing(), document(site.url + "/terms"), Validators())


def test_robots_txt_binds_our_own_agent(site: ForeignSite, web: Web) -> None:
    site.page("/robots.txt", b"User-agent: clausewatch\nDisallow: /terms\n", Content_Type="text/plain")
    site.page("/terms", POLICY.encode())
    site.page("/other", POLICY.encode())
    with pytest.raises(Refused, match="stay out"):
        fetch_document(web, NoSpacing(), document(site.url + "/terms"), Validators())
    assert fetch_document(web, NoSpacing(), document(site.url + "/other"), Validators()).text


def test_robots_txt_binds_us_whatever_its_type_and_size(site: ForeignSite, web: Web) -> None:
    rules = b"User-agent: *\nDisallow: /terms\n"
    site.page("/terms", POLICY.encode())
    site.page("/robots.txt", rules + b"# and so on\n" * 300_000, Content_Type="text/html; charset=utf-8")
    with pytest.raises(Refused, match="stay out"):
        fetch_document(web, NoSpacing(), document(site.url + "/terms"), Validators())


@pytest.mark.parametrize(("closed", "read"), [("/terms", False), ("/other", True)])
def test_robots_txt_binds_us_where_a_redirect_leads_as_well(
    site: ForeignSite, web: Web, closed: str, read: bool
) -> None:
    with serving() as other:
        other.page("/robots.txt", f"User-agent: *\nDisallow: {closed}\n".encode(), Content_Type="text/plain")
        other.page("/terms", POLICY.encode())
        site.page("/old", b"", 301, Location=f"{other.url}/terms")
        with nullcontext() if read else pytest.raises(Refused, match="stay out"):
            fetch_document(web, NoSpacing(), document(site.url + "/old"), Validators())
        assert ("/terms" in other.paths()) is read


def test_the_host_that_a_redirect_leads_to_sees_one_visitor_as_well(site: ForeignSite, web: Web, redis: Redis) -> None:
    with serving() as other:
        other.page("/terms", POLICY.encode())
        site.page("/old", b"", 301, Location=f"{other.url}/terms")
        there = host_of(other.url)
        with Spacing(redis, 0).visit(there), pytest.raises(Busy, match=there):
            fetch_document(web, Hurried(redis, 0), document(site.url + "/old"), Validators())
        assert other.asked == []
        assert fetch_document(web, Spacing(redis, 30), document(site.url + "/old"), Validators()).text
        for host in (there, host_of(site.url)):
            with pytest.raises(Busy), Spacing(redis, 0).visit(host):
                pass


def test_the_host_that_asks_us_to_wait_is_the_one_that_is_left_alone(site: ForeignSite, web: Web, redis: Redis) -> None:
    with serving() as other:
        other.page("/terms", b"slow down", 429, Retry_After="300")
        site.page("/old", b"", 302, Location=f"{other.url}/terms")
        with pytest.raises(RateLimited):
            fetch_document(web, Spacing(redis, 0), document(site.url + "/old"), Validators())
        with pytest.raises(Busy), Spacing(redis, 0).visit(host_of(other.url)):
            pass
        with Spacing(redis, 0).visit(host_of(site.url)):
            pass


@pytest.mark.parametrize(
    ("asked", "shown", "kind"),
    [
        ("/terms", "/", CaptureKind.ERROR),
        ("/terms", "/en-us/", CaptureKind.ERROR),
        ("/legal/terms", "/de", CaptureKind.ERROR),
        ("/terms", "/home", CaptureKind.ERROR),
        ("/terms", "/en/index.html", CaptureKind.ERROR),
        ("/en", "/en/", CaptureKind.POLICY),
        ("/terms", "/en/terms", CaptureKind.POLICY),
        ("/terms", "/tos", CaptureKind.POLICY),
        ("/policies/ai", "/ai", CaptureKind.POLICY),
        ("/terms", "/?page=terms", CaptureKind.POLICY),
        ("/terms", "/login?next=/terms", CaptureKind.WALL),
        ("/terms", "/users/sign_in", CaptureKind.WALL),
        ("/terms", "/users/signing", CaptureKind.POLICY),
        ("/terms", "/legal/login-terms", CaptureKind.POLICY),
        ("/login/terms", "/login/terms-of-use", CaptureKind.POLICY),
    ],
)
def test_where_a_redirect_leads_tells_what_a_page_is(
    site: ForeignSite, web: Web, asked: str, shown: str, kind: CaptureKind
) -> None:
    site.page(asked, b"", 302, Location=shown)
    site.page(shown, POLICY.encode())
    page = fetch_document(web, NoSpacing(), document(site.url + asked), Validators())
    assert (page.kind, bool(page.text), bool(page.reason)) == (kind, kind is CaptureKind.POLICY, page.text == "")


def test_a_web_page_in_the_place_of_robots_txt_forbids_nothing(site: ForeignSite, web: Web) -> None:
    site.page("/robots.txt", POLICY.encode())
    site.page("/terms", POLICY.encode())
    assert fetch_document(web, NoSpacing(), document(site.url + "/terms"), Validators()).text


DRAWN = """<html><head><script src="/app.js" defer></script></head><body><div id="root"></div></body></html>"""
APP = """fetch('/api/terms').then(r => r.json()).then(t => {
  const lines = t.lines.map(line => '<p>' + line + '</p>').join('');
  document.getElementById('root').innerHTML = '<main><h1>Terms</h1>' + lines + '</main>'; });"""


def test_without_a_browser_a_scripted_page_says_that_it_needs_one(site: ForeignSite, web: Web) -> None:
    site.page("/terms", DRAWN.encode())
    page = fetch_document(web, NoSpacing(), document(site.url + "/terms"), Validators())
    assert page.kind is CaptureKind.NEEDS_BROWSER
    assert "needs a browser" in page.reason


def test_with_a_browser_a_scripted_page_is_drawn(site: ForeignSite, web: Web) -> None:
    found = browser.find(root=os.geteuid() == 0)
    if found is None:
        if os.environ.get("CI") == "true":
            pytest.fail("Chromium or playwright is missing: install chromium and the dev requirements")
        pytest.skip("no Chromium here")
    site.page("/terms", DRAWN.encode(), ETag='"9"')
    site.page("/app.js", APP.encode(), Content_Type="text/javascript")
    lines = ",".join(f'"{n}. {LINE}"' for n in range(12))
    site.page("/api/terms", f'{{"lines": [{lines}]}}'.encode(), Content_Type="application/json")
    page = fetch_document(web, NoSpacing(), document(site.url + "/terms"), Validators(), found)
    assert page.kind is CaptureKind.POLICY
    assert "11. You keep every right" in page.text
    assert page.etag is None, "the validators of a shell say nothing about its text"


def test_a_browser_is_found_only_where_there_is_one() -> None:
    assert browser.find(root=False, which=lambda name: None) is None
