"""Walls and errors are named; policies that speak of the same things stay policies."""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from server.core.extract import extract
from server.core.model import CaptureKind
from server.core.walls import classify

CASES: list[dict[str, Any]] = tomllib.loads(Path(__file__).with_name("walls.toml").read_text("utf-8"))["case"]


@pytest.mark.parametrize("case", CASES, ids=[case["name"] for case in CASES])
def test_what_a_page_is(case: dict[str, Any]) -> None:
    html = case["html"] * case.get("times", 1)
    found = extract(html.encode(), "text/html")
    title = found.title
    kind, reason = classify(case.get("status", 200), found.text, html.encode(), title, "https://a.example/terms")
    assert kind == CaptureKind(case["kind"])
    assert case.get("reason", "") in reason
    assert bool(reason) == (kind is not CaptureKind.POLICY)


def test_a_long_text_that_opens_with_the_notice_of_an_error_is_no_policy() -> None:
    terms = "You keep the rights in your songs. " * 200
    assert classify(200, f"# Page not found\n\n{terms}", "") == (CaptureKind.ERROR, "one of its pages is not there")
    for opening in ("Terms of use", "What we do when a page is not found and other answers to what members ask us"):
        assert classify(200, f"# {opening}\n\n{terms}", "")[0] is CaptureKind.POLICY


@given(
    text=st.text(max_size=4000), html=st.text(max_size=200), title=st.text(max_size=40), status=st.integers(100, 599)
)
@settings(max_examples=150, deadline=None)
def test_any_page_is_something(text: str, html: str, title: str, status: int) -> None:
    kind, reason = classify(status, text, html, title, "")
    assert kind is not CaptureKind.POLICY or (status < 400 and not reason and len(text) >= 200)
