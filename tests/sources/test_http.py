"""The one way out: what it takes, what it refuses, and that nothing holds it for long."""

from __future__ import annotations

import gzip
import socket
import time
import zlib
from http.server import BaseHTTPRequestHandler
from typing import Any

import pytest

from server.core.errors import (
    Deadline,
    Gone,
    Incomplete,
    RateLimited,
    Refused,
    ServerTrouble,
    SourceError,
    TooLarge,
)
from server.sources.addresses import is_public
from server.sources.http import Validators, Web, retry_after
from tests.sources import conftest as scripted
from tests.sources.conftest import ForeignSite, send, serving

PRIVATE = [
    "http://127.0.0.1/", "http://localhost/", "http://10.0.0.1/", "http://192.168.1.1/", "http://172.16.0.1/",
    "http://169.254.169.254/latest/meta-data/", "http://0.0.0.0/", "http://100.64.0.1/", "http://[::1]/",
    "http://[::ffff:127.0.0.1]/", "http://[::ffff:10.0.0.1]/", "http://[fe80::1]/", "http://[fd00::1]/",
    "http://[64:ff9b::7f00:1]/", "http://[2002:7f00:1::]/", "http://224.0.0.1/", "http://192.0.0.192/", "http://168.63.129.16/",
    "http://[fec0::1]/", "http://[feff::1]/", "http://[3fff::1]/", "http://[::ffff:168.63.129.16]/",
    "http://2130706433/", "http://0x7f.1/",
]  # fmt: skip
NOT_FETCHED = [
    "ftp://example.com/", "file:///etc/passwd", "javascript:alert(1)", "http://user:secret@example.com/",
    "https://example.com:8443/", "http://example.com:22/", "http:///path", "//example.com/", "http://[broken/",
]  # fmt: skip


@pytest.mark.parametrize("url", PRIVATE)
def test_private_addresses_are_refused(url: str) -> None:
    with pytest.raises((Refused, SourceError)) as caught:
        Web(user_agent="t").get(url, deadline=5)
    assert caught.value.permanent or "resolved" in str(caught.value)


@pytest.mark.parametrize("url", NOT_FETCHED)
def test_other_schemes_ports_and_credentials_are_refused(url: str) -> None:
    with pytest.raises(Refused):
        Web(user_agent="t").get(url, deadline=5)


@pytest.mark.parametrize(
    "address", ["8.8.8.8", "1.1.1.1", "168.63.129.17", "192.0.1.1", "2606:4700::1111", "2a00:1450::1"]
)
def test_public_addresses_are_public(address: str) -> None:
    import ipaddress

    assert is_public(ipaddress.ip_address(address))


@pytest.mark.parametrize(
    "location",
    [
        "http://127.0.0.1/", "http://169.254.169.254/latest/meta-data/", "http://[::ffff:10.0.0.1]/", "//10.0.0.1/",
        "http://inside.example/", "file:///etc/passwd", "http://2130706433/", "http://public.example:22/",
    ],
)  # fmt: skip
def test_a_redirect_into_a_private_network_is_refused(
    site: ForeignSite, monkeypatch: pytest.MonkeyPatch, location: str
) -> None:
    """The first host has a public address, so only the second hop can be refused."""
    asked: list[str] = []

    def look_up(host: str, port: int) -> list[str]:
        asked.append(host)
        return {"public.example": ["8.8.8.8"], "inside.example": ["8.8.8.8", "192.168.1.1"]}.get(host, ["127.0.0.1"])

    dialled: list[Any] = []
    real = socket.create_connection

    def to_the_site(address: Any, *rest: Any, **more: Any) -> Any:
        dialled.append(address)
        return real(site.server.server_address, *rest, **more)

    monkeypatch.setattr(socket, "create_connection", to_the_site)
    site.page("/", b"", 302, Location=location)
    with pytest.raises(Refused):
        Web(user_agent="t", look_up=look_up).get("http://public.example/")
    assert dialled == [("8.8.8.8", 80)]
    assert asked[0] == "public.example"


def test_the_address_that_was_checked_is_the_one_that_is_dialled(
    site: ForeignSite, web: Web, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A name server that changes its answer between check and use has no second chance: it is asked once."""
    asked: list[str] = []
    real = socket.getaddrinfo

    def once(host: Any, *rest: Any, **more: Any) -> Any:
        name = host.decode() if isinstance(host, bytes) else host
        if name == "rebind.example":
            asked.append(name)
            return real("127.0.0.1" if len(asked) == 1 else "127.0.0.2", *rest, **more)
        return real(host, *rest, **more)

    monkeypatch.setattr(socket, "getaddrinfo", once)
    site.page("/", b"hello")
    url = site.url.replace("127.0.0.1", "rebind.example")
    assert web.get(url + "/").body == b"hello"
    assert asked == ["rebind.example"]
    assert site.asked[0][1]["Host"].startswith("rebind.example:")


def test_an_answer_comes_whole_with_its_headers_in_order(site: ForeignSite, web: Web) -> None:
    site.page("/", "Grüße".encode(), ETag='"1"', X_Robots_Tag="noai")
    answer = web.get(site.url + "/")
    assert answer.body.decode() == "Grüße"
    assert answer.validators == Validators('"1"', None)
    assert ("X-Robots-Tag", "noai") in answer.headers
    assert site.asked[0][1]["User-Agent"].startswith("Clausewatch")


def test_validators_go_back_as_received_and_a_304_is_an_answer(site: ForeignSite, web: Web) -> None:
    site.page("/", b"", 304, ETag='W/"x"')
    answer = web.get(site.url + "/", conditional=Validators('W/"x"', "Mon, 01 Jan 2024 00:00:00 GMT"))
    assert answer.status == 304
    sent = site.asked[0][1]
    assert (sent["If-None-Match"], sent["If-Modified-Since"]) == ('W/"x"', "Mon, 01 Jan 2024 00:00:00 GMT")


def test_redirects_are_followed_and_a_lasting_move_is_told(site: ForeignSite, web: Web) -> None:
    site.page("/old", b"", 301, Location="/new")
    site.page("/new", b"here")
    answer = web.get(site.url + "/old")
    assert (answer.body, answer.moved_to) == (b"here", site.url + "/new")
    site.page("/old", b"", 302, Location="/new")
    assert web.get(site.url + "/old").moved_to == ""


def test_early_hints_are_not_the_answer_nor_is_the_answer_that_of_the_next_question(
    site: ForeignSite, web: Web
) -> None:
    def hint(handler: BaseHTTPRequestHandler) -> None:
        handler.wfile.write(b"HTTP/1.1 103 Early Hints\r\nLink: </style.css>; rel=preload\r\n\r\n" * 2)
        send(handler, 200, b"terms", {"Content-Type": "text/html"})

    site.answers["/terms"] = hint
    site.page("/privacy", b"privacy")
    assert [web.get(site.url + path).body for path in ("/terms", "/privacy", "/terms")] == [
        b"terms",
        b"privacy",
        b"terms",
    ]


def test_conditions_do_not_cross_to_another_origin(site: ForeignSite, web: Web) -> None:
    with serving() as other:
        other.page("/", b"elsewhere")
        site.page("/", b"", 302, Location=other.url + "/")
        web.get(site.url + "/", conditional=Validators('"secret"'))
        assert "If-None-Match" not in other.asked[0][1]


@pytest.mark.parametrize("encoding", ["gzip", "deflate", "raw deflate", "mislabelled"])
def test_packed_answers_are_unpacked_as_their_bytes_say(site: ForeignSite, web: Web, encoding: str) -> None:
    text = b"<p>The same words in every packing.</p>" * 50
    raw = zlib.compressobj(wbits=-15)
    packed = {
        "gzip": gzip.compress(text),
        "deflate": zlib.compress(text),
        "raw deflate": raw.compress(text) + raw.flush(),
        "mislabelled": text,
    }[encoding]
    label = {"gzip": "gzip", "mislabelled": "gzip"}.get(encoding, "deflate")
    site.page("/", packed, Content_Encoding=label)
    assert web.get(site.url + "/").body == text


@pytest.mark.parametrize("label", ["utf-8", "none", "UTF-8, gzip"])
def test_a_packing_that_packs_nothing_is_passed_over(site: ForeignSite, web: Web, label: str) -> None:
    text = b"<p>words</p>" * 50
    site.page("/", gzip.compress(text) if "gzip" in label else text, Content_Encoding=label)
    assert web.get(site.url + "/").body == text


@pytest.mark.parametrize("label", ["br", "zstd", "compress"])
def test_a_packing_that_was_not_asked_for_is_named(site: ForeignSite, web: Web, label: str) -> None:
    site.page("/", b"\x28\xb5\x2f\xfd", Content_Encoding=label)
    with pytest.raises(SourceError, match=label):
        web.get(site.url + "/")


FAULTS = [
    ("bomb", scripted.bomb, TooLarge),
    ("endless", scripted.endless, TooLarge),
    ("half", scripted.half, Incomplete),
    ("cut", scripted.cut, SourceError),
    ("drip", scripted.drip, Deadline),
]


@pytest.mark.parametrize(("name", "answer", "error"), FAULTS, ids=[name for name, _, _ in FAULTS])
def test_faults_end_soon_and_the_next_request_works(
    site: ForeignSite, web: Web, name: str, answer: scripted.Answer, error: type[SourceError]
) -> None:
    site.answers["/"] = answer
    site.page("/fine", b"fine")
    began = time.monotonic()
    with pytest.raises(error):
        web.get(site.url + "/", cap=1 << 20, deadline=2.0)
    assert time.monotonic() - began < 20
    assert web.get(site.url + "/fine").body == b"fine"


def test_a_redirect_loop_ends(site: ForeignSite, web: Web) -> None:
    site.page("/", b"", 302, Location="/")
    with pytest.raises(SourceError, match="redirects more than"):
        web.get(site.url + "/")
    assert len(site.asked) == 6


STATUSES: list[tuple[int, dict[str, str], type[SourceError], float | None]] = [
    (429, {"Retry_After": "120"}, RateLimited, 120.0),
    (429, {}, RateLimited, 60.0),
    (503, {"Retry_After": "30"}, ServerTrouble, 30.0),
    (500, {}, ServerTrouble, None),
    (404, {}, Gone, None),
    (410, {}, Gone, None),
    (403, {}, SourceError, None),
    (401, {}, SourceError, None),
]


@pytest.mark.parametrize(("status", "headers", "error", "wait"), STATUSES)
def test_each_refusal_says_whether_and_when_to_try_again(
    site: ForeignSite, web: Web, status: int, headers: dict[str, str], error: type[SourceError], wait: float | None
) -> None:
    site.page("/", b"", status, **headers)
    with pytest.raises(error) as caught:
        web.get(site.url + "/")
    assert caught.value.retry_after == wait


@pytest.mark.parametrize(
    ("value", "seconds"),
    [("120", 120.0), ("99999999", 86400.0), ("Thu, 01 Jan 1970 00:10:00 GMT", 600.0), ("soon", None), ("-5", None)],
)
def test_retry_after(value: str, seconds: float | None) -> None:
    assert retry_after(value, now=0.0) == seconds
