"""Lists of captures: the shapes that archives answer in, and any rubbish without a crash."""

from __future__ import annotations

import json
from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from server.core.errors import SourceError
from server.sources import cdx, timemap

URL = "https://tunery.example/terms"
ROW = ["example,tunery)/terms", "20240212101112", URL, "text/html", "200", "ABC", "5120"]
OBJECT = {"urlkey": ROW[0], "timestamp": ROW[1], "url": URL, "mime": "text/html", "status": "200", "digest": "sha1:ABC"}
COLUMNS = list(cdx.COLUMNS)


@pytest.mark.parametrize(
    "body",
    [
        pytest.param(json.dumps([COLUMNS, ROW]), id="arrays with a header"),
        pytest.param(json.dumps([COLUMNS[::-1], ROW[::-1]]), id="arrays with the columns in another order"),
        pytest.param(json.dumps(OBJECT | {"length": "5120"}), id="one object a line"),
        pytest.param(f"{ROW[0]} {ROW[1]} " + json.dumps(OBJECT | {"length": 5120}), id="CDXJ"),
        pytest.param(" ".join(ROW), id="seven columns"),
        pytest.param(json.dumps([COLUMNS, ROW, ROW]), id="a row twice"),
        pytest.param(json.dumps([COLUMNS, [*ROW[:1], "20241332000000", *ROW[2:]], ROW]), id="a moment that is none"),
        pytest.param(json.dumps([COLUMNS, [*ROW[:2], "filedesc:x", *ROW[3:]], ROW]), id="an address that is none"),
    ],
)
def test_each_shape_gives_the_capture(body: str) -> None:
    [one], resume = cdx.parse(body.encode())
    assert (one.stamp, one.url, one.status, one.digest, one.length) == ("20240212101112", URL, 200, "ABC", 5120)
    assert one.at.isoformat() == "2024-02-12T10:11:12+00:00"
    assert resume == ""


def test_a_repeated_capture_has_no_status_and_no_type() -> None:
    revisit = [*ROW[:3], "warc/revisit", "-", "ABC", "-"]
    [one], _ = cdx.parse(json.dumps([COLUMNS, revisit]).encode())
    assert (one.status, one.media_type, one.length) == (0, "", 0)


@pytest.mark.parametrize(
    "body",
    [
        json.dumps([COLUMNS, ROW, [], ["next%2Bkey"]]),
        " ".join(ROW) + "\n\nnext%2Bkey\n",
    ],
)
def test_the_key_of_the_next_page_is_no_capture(body: str) -> None:
    rows, resume = cdx.parse(body.encode())
    assert len(rows) == 1
    assert resume == "next%2Bkey"


@pytest.mark.parametrize("body", ["", "[]", "\n", '[["urlkey", "timestamp"]]'])
def test_an_empty_list_is_empty(body: str) -> None:
    assert cdx.parse(body.encode()) == ([], "")


@pytest.mark.parametrize(
    "body",
    [
        "<html>try later</html>",
        '[["urlkey", "timest',
        "Internal Server Error",
        "org.archive.SomethingException: no",
        '{"error": "busy"}',
        '[{"timestamp": "20240212101112"}]',
        "null",
    ],
)
def test_what_is_no_list_is_an_error(body: str) -> None:
    with pytest.raises(SourceError):
        cdx.parse(body.encode())


def test_the_slip_of_the_year_2000_is_mended() -> None:
    assert cdx.moment("2000001105083009") == cdx.moment("20001105083009")


MAP = (
    f'<{URL}>; rel="original",\n'
    f'<https://archive.example/timemap/link/{URL}>; rel="self"; type="application/link-format",\n'
    f'<https://archive.example/timemap/2/link/{URL}>; rel="timemap"; from="Sat, 01 Mar 2025 00:00:00 GMT",\n'
    f'<https://archive.example/20240212101112/{URL}>; rel="first memento"; datetime="Mon, 12 Feb 2024 10:11:12 GMT",\n'
    f'<https://archive.example/20240301000000mp_/{URL}?a=1,2>; rel="memento"; datetime="Fri, 01 Mar 2024 00:00:00 GMT"'
)


def test_a_timemap_gives_captures_raw_and_further_pages() -> None:
    found, further = timemap.parse(MAP.encode(), URL)
    assert [one.address for one in found] == [
        f"https://archive.example/20240212101112id_/{URL}",
        f"https://archive.example/20240301000000id_/{URL}?a=1,2",
    ]
    assert further == [f"https://archive.example/timemap/2/link/{URL}"]


def test_a_web_page_is_no_timemap() -> None:
    with pytest.raises(SourceError):
        timemap.parse(b"<html>404</html>", URL)


LETTERS = st.text(alphabet='{}[]<>",;= \n0123456789abrelmntoTZ:/', max_size=400)


@given(st.one_of(st.binary(max_size=400), LETTERS.map(str.encode)))
def test_no_bytes_break_the_readers(body: bytes) -> None:
    with suppress(SourceError):
        cdx.parse(body)
    with suppress(SourceError):
        timemap.parse(body, URL)


@given(st.lists(st.lists(st.one_of(st.none(), st.integers(), st.text(max_size=20)), max_size=9), max_size=9))
def test_no_table_breaks_the_reader(table: list[list[object]]) -> None:
    rows, _ = cdx.parse(json.dumps([COLUMNS, *table]).encode())
    assert all(one.url.lower().startswith("http") for one in rows)
