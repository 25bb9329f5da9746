"""The timeline: bars for what held, ticks for changes with their interval, dots for what was said."""

from __future__ import annotations

from datetime import UTC, datetime
from xml.etree import ElementTree as ET

import pytest
from flask.testing import FlaskClient

from server.web.pages.years import moment
from server.web.timeline import Bar, Lane, Mark, draw

NOW = datetime(2026, 1, 1, tzinfo=UTC)
EVIL = "</title><script>alert(1)</script>\"'"


def at(year: int, month: int = 1) -> datetime:
    """The first of a month."""
    return datetime(year, month, 1, tzinfo=UTC)


def test_nothing_known_draws_nothing() -> None:
    assert draw([], NOW) == ""
    assert draw([Lane("Terms")], NOW) == ""


def test_bars_ticks_and_intervals_stand_in_order() -> None:
    bars = (Bar(at(2022), at(2024, 2), "silent"), Bar(at(2024, 2), NOW, "permits"))
    mark = Mark(at(2024, 2), "now permitted", "change", since=at(2023, 6), href="/changes/1")
    root = ET.fromstring(draw([Lane("Terms", bars, (mark,))], NOW))
    silent, permits = [node for node in root.iter("rect") if "bar" in node.attrib["class"]]
    assert float(silent.attrib["x"]) + float(silent.attrib["width"]) == pytest.approx(
        float(permits.attrib["x"]), abs=0.2
    )
    assert [node.text for node in root.iter("text") if "letter" in node.attrib["class"]] == ["–", "YES"]
    assert [node.text for node in root.iter("text") if node.attrib["class"] == "axis"] == [
        "2022",
        "2023",
        "2024",
        "2025",
        "2026",
    ]
    (link,) = root.iter("a")
    assert link.attrib == {"href": "/changes/1", "tabindex": "-1", "aria-label": "now permitted"}
    assert [node for node in root.iter("path") if node.attrib["class"] == "between"]


def test_an_exact_change_has_no_bracket() -> None:
    mark = Mark(at(2024), "x", "change", since=at(2024))
    root = ET.fromstring(draw([Lane("Terms", (Bar(at(2022), NOW, "silent"),), (mark,))], NOW))
    assert not [node for node in root.iter("path") if node.attrib["class"] == "between"]


def test_hostile_names_stay_text() -> None:
    drawn = draw([Lane(EVIL, (Bar(at(2024), NOW, "permits"),), (Mark(at(2025), EVIL, "said", href="/x"),))], NOW)
    root = ET.fromstring(drawn)
    assert not list(root.iter("script"))
    assert [node.text for node in root.iter("title")] == [EVIL]


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("Terms of Service", "Terms of Service"),
        ("Terms of Service and more", "Terms of Service a…"),
        ("利用規約" * 5, "利用規約利用規約利…"),
    ],
)
def test_a_name_ends_before_the_bars(name: str, shown: str) -> None:
    drawn = draw([Lane(name, (Bar(at(2025), NOW, "silent"),))], NOW)
    assert f">{shown}</text>" in drawn


def test_many_years_are_thinned_out() -> None:
    root = ET.fromstring(draw([Lane("Terms", (Bar(at(1996), NOW, "silent"),))], NOW))
    assert len([node for node in root.iter("text") if node.attrib["class"] == "axis"]) <= 12


@pytest.mark.parametrize(
    ("date", "expected"),
    [
        ("2024", at(2024)),
        ("2024-02", at(2024, 2)),
        ("2024-02-12", datetime(2024, 2, 12, tzinfo=UTC)),
        ("soon", None),
        ("", None),
    ],
)
def test_dates_of_the_catalogue(date: str, expected: datetime | None) -> None:
    assert moment(date) == expected


def test_the_platform_page_draws_its_years(client: FlaskClient) -> None:
    shown = client.get("/platforms/soundcloud").text
    assert '<svg class="timeline"' in shown
    assert 'class="bar permits"' in shown
    assert 'class="between"' in shown
    assert '<svg class="timeline"' not in client.get("/platforms/500px").text
