"""Popup, settings and card against axe-core (WCAG 2.2 A and AA and its best practices), in light and in dark."""

from __future__ import annotations

from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.conftest import ROOT, require
from tests.extension.conftest import Chromium, picture

pytestmark = pytest.mark.e2e
AXE = ROOT / "tests" / "extension" / "node_modules" / "axe-core" / "axe.min.js"
THEMES = ("light", "dark")


@pytest.fixture(scope="module")
def axe() -> str:
    """The program of axe-core."""
    require("axe-core (npm install in tests/extension)", AXE.is_file())
    return AXE.read_text(encoding="utf-8")


def violations(page: Page, axe: str, within: str = "html") -> list[Any]:
    """What axe-core finds, each with the elements concerned."""
    page.evaluate(axe)
    found: list[Any] = page.evaluate(
        "async (within) => (await axe.run({include: [within]})).violations"
        ".map(({id, nodes}) => [id, nodes.map((n) => n.target.flat().join(' ') + ': ' + n.failureSummary)])",
        within,
    )
    return found


def ready(page: Page) -> Page:
    """The popup, once it has its answer."""
    expect(page.locator("main")).to_have_attribute("aria-busy", "false", timeout=15_000)
    return page


def test_axe_would_find_something(chromium: Chromium, axe: str) -> None:
    page = chromium.own("options/options.html", 700, 900)
    page.evaluate(
        "document.querySelector('main').append(Object.assign(document.createElement('input'), {type: 'text'}))"
    )
    assert [name for name, _ in violations(page, axe)] == ["label"]


def test_the_popup_is_accessible(chromium: Chromium, axe: str) -> None:
    check(chromium.popup(), "answer", axe)
    check(chromium.popup("https://other.example/"), "unwatched", axe)
    check(chromium.popup("about:blank"), "nothing", axe)
    lookups = chromium.stored("lookups")
    lookups["soundcloud.com"]["data"]["documents"] = [{"region": "GB", "on_uploads": "prohibits", "sharing": "opt_in"}]
    chromium.store(lookups=lookups)
    chromium.api.stop()
    offline = ready(chromium.popup())
    expect(offline.locator(".region")).to_have_count(2)
    expect(offline.locator(".warning")).to_be_visible(timeout=15_000)
    check(offline, "offline", axe)
    chromium.api.start()


def check(page: Page, name: str, axe: str) -> None:
    """The popup in both themes."""
    for theme in THEMES:
        page.emulate_media(color_scheme=theme)
        page.reload()
        ready(page)
        assert violations(page, axe) == [], f"{name}, {theme}"
        picture(page, f"popup-{name}-{theme}")


def test_the_settings_are_accessible(chromium: Chromium, axe: str) -> None:
    page = chromium.own("options/options.html", 760, 1000)
    for theme in THEMES:
        page.emulate_media(color_scheme=theme)
        page.reload()
        expect(page.locator("#server")).not_to_have_value("", timeout=15_000)
        page.locator("summary").click()
        assert page.locator("#followed li").count() > 50
        assert violations(page, axe) == [], theme
        picture(page, f"options-{theme}")


def test_the_card_in_the_page_is_accessible(chromium: Chromium, axe: str) -> None:
    page = chromium.open("/upload")
    for theme in THEMES:
        page.emulate_media(color_scheme=theme)
        page.reload()
        card = page.locator("clausewatch-badge .card")
        card.wait_for(timeout=15_000)
        if card.locator(".strong").count():
            card.locator(".strong").click()
        expect(card.locator("blockquote")).to_be_visible(timeout=15_000)
        assert violations(page, axe, "clausewatch-badge") == [], theme
        picture(page, f"card-{theme}")
