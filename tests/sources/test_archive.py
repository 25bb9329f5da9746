"""Archives: three dialects, one client; what is content and what is the archive speaking; pace and breaker."""

from __future__ import annotations

import json

import pytest

from server.core.errors import Busy, Gone, Incomplete, RateLimited, Refused, ServerTrouble, SourceError
from server.sources import cdx
from server.sources.archive import Archive, Dialect
from server.sources.cdx import Listed
from server.sources.gate import Gate, LocalLedger
from server.sources.http import Web
from tests.sources.archive_server import ArchiveServer, Kept

URL = "https://tunery.example/terms"
TWO = [Kept("20240101000000", b"<p>old</p>"), Kept("20240301000000", b"<p>new</p>")]


class Now:
    """A clock that sleeping moves."""

    def __init__(self) -> None:
        self.at, self.slept = 0.0, [0.0]

    def __call__(self) -> float:
        return self.at

    def sleep(self, seconds: float) -> None:
        self.at += seconds
        self.slept.append(seconds)


def opened(server: ArchiveServer, now: Now | None = None, patience: float = 0.0, dialect: str = "") -> Archive:
    now = now or Now()
    gate = Gate(LocalLedger(now), {"list": 3.0, "replay": 0.5}, patience=patience, sleep=now.sleep)
    web = Web("test", allow_private=True)
    return Archive(web, gate, server.url, Dialect(dialect) if dialect else None, sleep=now.sleep)


@pytest.mark.parametrize("dialect", ["ia", "pywb", "memento"])
def test_each_dialect_is_found_out_and_read(dialect: str) -> None:
    with ArchiveServer(TWO, dialect) as server:
        archive = opened(server)
        listed = archive.captures(URL)
        assert [one.stamp for one in listed] == ["20240101000000", "20240301000000"]
        assert archive.dialect == dialect
        assert archive.replay(listed[1]).answer.body == b"<p>new</p>"


@pytest.mark.parametrize(
    "elsewhere", [(400, {}, b"bad request"), (200, {}, b"<html>Our archive</html>"), (405, {}, b"")]
)
def test_a_memento_archive_is_found_out_whatever_it_says_to_other_questions(
    elsewhere: tuple[int, dict[str, str], bytes],
) -> None:
    with ArchiveServer(TWO, "memento") as server:
        server.answers = [elsewhere] * 3
        archive = opened(server)
        assert (len(archive.captures(URL)), archive.dialect) == (2, "memento")


def test_trouble_is_no_reason_to_try_another_dialect() -> None:
    with ArchiveServer(TWO, "memento") as server, pytest.raises(ServerTrouble):
        server.answers = [(503, {}, b"")] * 3
        opened(server).captures(URL)


def test_captures_in_a_timemap_may_have_any_address() -> None:
    with ArchiveServer([]) as server:
        place = f"{server.url}/snapshot/7f3a"
        link = f'<{URL}>; rel="original",\n<{place}>; rel="memento"; datetime="Mon, 12 Feb 2024 10:11:12 GMT"'
        page = (200, {"Memento-Datetime": "Mon, 12 Feb 2024 10:11:12 GMT"}, b"<p>words</p>")
        server.answers = [(200, {}, link.encode()), page]
        archive = opened(server, dialect="memento")
        [one] = archive.captures(URL)
        assert (one.stamp, archive.address(one)) == ("20240212101112", place)
        assert archive.replay(one).answer.body == b"<p>words</p>"


def test_captures_of_other_addresses_in_a_list_are_left_out() -> None:
    """pywb falls back to what looks like the address; spellings that archives take for the same one stay."""
    same = ["http://tunery.example/terms", "https://www.tunery.example/Terms/", "https://tunery.example:443/terms?a=1"]
    others = ["https://tunery.example/terms-of-sale", "https://other.example/terms"]
    rows = [["urlkey", "timestamp", "original", "mimetype", "statuscode", "digest", "length"]]
    rows += [["k", f"2024010100000{n}", url, "text/html", "200", str(n), "9"] for n, url in enumerate(same + others)]
    with ArchiveServer([]) as server:
        server.answers = [(200, {"Content-Type": "application/json"}, json.dumps(rows).encode())]
        assert [one.url for one in opened(server, dialect="ia").captures(URL)] == same


@pytest.mark.parametrize(
    ("asked", "listed", "same"),
    [
        ("page?id=7", "page?id=7", True),
        ("page?id=7&lang=en", "page?Lang=EN&id=7&session=1", True),
        ("page?id=7", "page?id=8", False),
        ("page?id=7", "page", False),
        ("page?q=a%20b", "page?q=a b", True),
    ],
)
def test_a_query_tells_pages_apart(asked: str, listed: str, same: bool) -> None:
    moment = cdx.moment("20240101000000")
    assert moment
    one = Listed(moment, "20240101000000", f"https://tunery.example/{listed}")
    assert cdx.is_of(one, f"https://tunery.example/{asked}") is same


def test_a_list_of_several_pages_is_read_to_its_end() -> None:
    kept = [Kept(f"202401010000{n:02}") for n in range(7)]
    with ArchiveServer(kept, page=3) as server:
        assert len(opened(server).captures(URL)) == 7
        assert len(server.log) == 3


def test_bounds_hold_even_where_the_archive_ignores_them() -> None:
    with ArchiveServer(TWO, "pywb") as server:
        assert [one.stamp for one in opened(server).captures(URL, since="202402")] == ["20240301000000"]


def test_an_archived_error_is_content_and_the_archives_own_is_not() -> None:
    kept = [Kept("20240101000000", b"down", status=503)]
    with ArchiveServer(kept) as server:
        archive = opened(server, dialect="ia")
        [listed] = archive.captures(URL)
        assert archive.replay(listed).answer.status == 503
        server.answers = [(503, {}, b"the archive is down")]
        with pytest.raises(ServerTrouble):
            archive.replay(listed)


@pytest.mark.parametrize(
    "location", ["https://tunery.example/consent", "/web/20240101000000id_/https://tunery.example/"]
)
def test_no_redirect_of_an_archived_page_is_followed(location: str) -> None:
    with ArchiveServer([Kept("20240101000000", b"", status=302, location=location)]) as server:
        archive = opened(server)
        [listed] = archive.captures(URL)
        assert archive.replay(listed).answer.status == 302
        assert len(server.log) == 2


def test_another_moment_than_the_asked_one_is_told() -> None:
    with ArchiveServer(TWO) as server:
        archive = opened(server)
        listed = archive.captures(URL)
        moved = {"Memento-Datetime": "Fri, 01 Mar 2024 00:00:00 GMT", "Content-Type": "text/html"}
        server.answers = [(200, moved, b"<p>new</p>"), (302, {"Location": "/web/20240301000000id_/x"}, b"")]
        assert "2024-03-01" in archive.replay(listed[0]).elsewhere
        assert archive.replay(listed[0]).elsewhere == "/web/20240301000000id_/x"


@pytest.mark.parametrize(
    ("answer", "error"),
    [
        ((404, {}, b""), Gone),
        ((403, {"X-Archive-Wayback-Runtime-Error": "AdministrativeAccessControlException: x"}, b""), Refused),
        ((200, {}, b"org.archive.RobotAccessControlException: Blocked By Robots"), Refused),
        ((500, {}, b""), ServerTrouble),
        ((200, {}, b"<p>a page without a moment</p>"), ServerTrouble),
        ((200, {"Memento-Datetime": "Mon, 01 Jan 2024 00:00:00 GMT", "Content-Length": "99"}, b"cut"), Incomplete),
    ],
)
def test_what_is_no_capture_is_an_error(answer: tuple[int, dict[str, str], bytes], error: type[SourceError]) -> None:
    with ArchiveServer(TWO) as server:
        archive = opened(server)
        listed = archive.captures(URL)
        server.answers = [answer]
        with pytest.raises(error):
            archive.replay(listed[0])


@pytest.mark.parametrize(
    ("body", "why"),
    [
        (b"org.archive.RobotAccessControlException: Blocked By Robots", "robots.txt"),
        (b"org.archive.AdministrativeAccessControlException: Blocked Site Error", "owner's request"),
    ],
)
def test_a_list_that_is_kept_from_us_is_not_an_empty_one(body: bytes, why: str) -> None:
    with ArchiveServer(TWO) as server:
        server.answers = [(200, {"Content-Type": "text/plain"}, body), (200, {}, b"[]")]
        archive = opened(server, dialect="ia")
        with pytest.raises(Refused, match=why):
            archive.captures(URL)
        assert archive.captures(URL) == []


def test_packed_bodies_are_unpacked_by_their_bytes() -> None:
    with ArchiveServer([Kept("20240101000000", b"<p>old</p>", packed=True)]) as server:
        archive = opened(server)
        assert archive.replay(archive.captures(URL)[0]).answer.body == b"<p>old</p>"


def test_a_429_closes_the_archive_for_a_minute_and_then_for_two() -> None:
    now = Now()
    with ArchiveServer(TWO) as server:
        archive = opened(server, now)
        listed = archive.captures(URL)
        for pause in (60, 120):
            server.answers = [(429, {}, b"")]
            with pytest.raises(RateLimited) as limited:
                archive.replay(listed[0])
            assert limited.value.retry_after == pytest.approx(pause)
            sent = len(server.log)
            with pytest.raises(Busy):
                archive.replay(listed[0])
            assert len(server.log) == sent, "nothing was asked while closed"
            now.at += pause + 1
        assert archive.replay(listed[0]).answer.body == b"<p>old</p>"


def test_a_retry_after_longer_than_ours_is_honoured_and_waited_for() -> None:
    now = Now()
    with ArchiveServer(TWO) as server:
        archive = opened(server, now, patience=1000)
        listed = archive.captures(URL)
        server.answers = [(429, {"Retry-After": "600"}, b"")]
        with pytest.raises(RateLimited):
            archive.replay(listed[0])
        before = now.at
        archive.replay(listed[0])
        assert now.at - before >= 600


def test_a_refused_connection_closes_the_archive_for_an_hour() -> None:
    with ArchiveServer(TWO) as server:
        archive = opened(server, dialect="ia")
        listed = archive.captures(URL)
    with pytest.raises(SourceError) as refused:
        archive.replay(listed[0])
    assert refused.value.retry_after == pytest.approx(3600)
    with pytest.raises(Busy):
        archive.replay(listed[0])


def test_requests_keep_their_pace() -> None:
    now = Now()
    with ArchiveServer(TWO) as server:
        archive = opened(server, now)
        listed = archive.captures(URL)
        archive.captures(URL)
        assert now.at >= 3.0
        before = now.at
        for _ in range(3):
            archive.replay(listed[0])
        assert now.at - before >= 1.0


def test_a_list_that_is_slow_to_come_is_asked_for_again() -> None:
    with ArchiveServer(TWO) as server:
        server.answers = [(504, {}, b""), (503, {}, b"")]
        assert len(opened(server).captures(URL)) == 2


def test_what_is_no_archive_says_what_to_do() -> None:
    with ArchiveServer([], "none") as server, pytest.raises(SourceError, match="neither CDX nor a TimeMap"):
        server.answers = [(404, {}, b"")] * 9
        opened(server).captures(URL)
