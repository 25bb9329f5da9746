"""The extension in a real Chromium, against the real server."""

from __future__ import annotations

import time

import pytest
from playwright.sync_api import Page, expect

from tests.extension.conftest import Chromium, picture
from tests.extension.world import HOSTILE

pytestmark = pytest.mark.e2e
QUOTE = "You agree that your uploads may be used to train artificial intelligence."


def chip(page: Page) -> str:
    """What the in-page badge says."""
    found = page.locator("clausewatch-badge .chip")
    found.wait_for(timeout=10_000)
    return found.inner_text()


def test_the_badge_is_on_the_page_and_moves_nothing(chromium: Chromium) -> None:
    page = chromium.open()
    assert "YES" in chip(page)
    assert page.locator("clausewatch-badge .panel").is_hidden()
    assert page.evaluate("window.shifts") == 0
    picture(page, "chromium-track")


def test_the_toolbar_shows_letter_and_words(chromium: Chromium) -> None:
    page = chromium.open()
    chip(page)
    ask = "async () => { const t = (await chrome.tabs.query({})).find((t) => (t.url ?? '').includes('soundcloud'));"
    got = chromium.worker.evaluate(
        ask + "return [await chrome.action.getBadgeText({tabId: t.id}), await chrome.action.getTitle({tabId: t.id})]; }"
    )
    assert got == ["YES", "SoundCloud: The terms allow AI training"]


def test_the_upload_page_has_a_clear_panel_before_publishing(chromium: Chromium) -> None:
    page = chromium.open("/upload")
    panel = page.locator("clausewatch-badge .panel")
    panel.wait_for(state="visible", timeout=10_000)
    assert "allow it to train AI on what you upload" in panel.inner_text()
    assert "about to upload" in panel.inner_text()
    picture(page, "chromium-upload")
    page.locator("clausewatch-badge .close").click()
    expect(panel).to_be_hidden()


def test_navigation_within_the_page_and_a_new_rendering_are_survived(chromium: Chromium) -> None:
    page = chromium.open()
    chip(page)
    page.evaluate("window.go('/upload')")
    page.locator("clausewatch-badge .panel").wait_for(state="visible", timeout=10_000)
    page.evaluate("window.go('/other/track')")
    expect(page.locator("clausewatch-badge .panel")).to_be_hidden(timeout=10_000)
    page.evaluate("document.querySelector('clausewatch-badge').remove(); window.rerender()")
    assert "YES" in chip(page)
    assert page.locator("clausewatch-badge").count() == 1


def test_the_keyboard_opens_and_closes_the_panel(chromium: Chromium) -> None:
    page = chromium.open()
    chip(page)
    page.locator("clausewatch-badge .chip").focus()
    page.keyboard.press("Enter")
    panel = page.locator("clausewatch-badge .panel")
    expect(panel).to_be_visible()
    page.keyboard.press("Escape")
    expect(panel).to_be_hidden()
    assert page.locator("clausewatch-badge .chip").get_attribute("aria-expanded") == "false"


def test_it_can_be_hidden_on_a_site_and_brought_back(chromium: Chromium) -> None:
    page = chromium.open()
    chip(page)
    page.locator("clausewatch-badge .chip").click()
    page.locator("clausewatch-badge .hide").click()
    expect(page.locator("clausewatch-badge")).to_have_count(0)
    page.reload()
    page.wait_for_timeout(1200)
    assert page.locator("clausewatch-badge").count() == 0
    options = chromium.own("options/options.html", 700, 900)
    options.locator("#in-page").check()
    page.bring_to_front()
    assert "YES" in chip(page)


def test_the_popup_answers_with_sentence_quote_and_story(chromium: Chromium) -> None:
    popup = chromium.popup()
    expect(popup.locator("main")).to_have_attribute("aria-busy", "false", timeout=10_000)
    told = popup.locator("main").inner_text()
    for part in ("The terms allow AI training", QUOTE, "Says against may", "Nobody was told", "Its own AI training"):
        assert part.lower() in told.lower() or part == "Nobody was told", part
    source = popup.get_by_role("link", name="Read it in the terms").first
    assert "#:~:text=You%20agree" in str(source.get_attribute("href"))
    assert (
        popup.get_by_role("link", name="Follow in Telegram").get_attribute("href")
        == "https://t.me/watch_bot?start=soundcloud"
    )
    picture(popup, "chromium-popup")


def test_a_page_that_is_not_watched_is_neither_good_nor_bad(chromium: Chromium) -> None:
    before = len(chromium.api.asked)
    popup = chromium.popup("https://other.example/secret/path?q=1")
    expect(popup.locator("h1")).to_have_text("other.example is not watched")
    suggest = popup.get_by_role("link", name="Suggest this platform")
    assert suggest.get_attribute("href") == f"{chromium.api.url}/suggest?host=other.example"
    assert chromium.api.asked[before:] == []
    picture(popup, "chromium-not-watched")


def test_only_the_list_and_listed_hosts_are_asked_for(chromium: Chromium) -> None:
    page = chromium.open("/secret-artist/secret-track?private=1")
    chip(page)
    expect(chromium.popup("https://m.soundcloud.com/secret").locator("main")).to_have_attribute("aria-busy", "false")
    assert set(chromium.api.asked) <= {"/v1/hosts", "/v1/lookup?host=m.soundcloud.com"}


def test_a_server_that_is_down_is_told_and_the_last_answer_shown(chromium: Chromium) -> None:
    expect(chromium.popup().locator("main")).to_have_attribute("aria-busy", "false")
    chromium.api.stop()
    popup = chromium.popup()
    expect(popup.locator(".warning").first).to_contain_text("cannot be reached", timeout=15_000)
    assert QUOTE in popup.locator("main").inner_text()
    picture(popup, "chromium-offline")
    page = chromium.open()
    assert "YES" in chip(page)
    chromium.api.start()


def test_a_stale_answer_says_so(chromium: Chromium) -> None:
    chromium.api.mode = "stale"
    chromium.use_server(chromium.api.url + "/")
    chromium.worker.evaluate("async () => { await chrome.storage.local.remove('list'); }")
    popup = chromium.popup()
    expect(popup.locator(".answer")).to_contain_text("out of date", timeout=15_000)


def test_a_hostile_server_can_show_text_but_never_markup(chromium: Chromium) -> None:
    chromium.api.mode = "hostile"
    chromium.worker.evaluate("async () => { await chrome.storage.local.remove('list'); }")
    popup = chromium.popup()
    expect(popup.locator("main")).to_have_attribute("aria-busy", "false", timeout=15_000)
    assert HOSTILE[:12] in popup.locator("main").inner_text()
    assert popup.locator("main img, main script").count() == 0
    assert popup.evaluate("[...document.links].every((a) => /^(https?|chrome-extension):/.test(a.href))")
    page = chromium.open()
    chip(page)
    page.wait_for_timeout(300)
    assert "broken in" not in (popup.title() + page.title())


def test_a_wrong_server_is_told_on_the_options_page(chromium: Chromium) -> None:
    assert "begins with https" in chromium.use_server("ftp://nowhere")
    chromium.api.mode = "broken"
    assert "no answer of Clausewatch" in chromium.use_server(chromium.api.url + "/other")


def test_settings_speak_the_chosen_language_and_theme(chromium: Chromium) -> None:
    options = chromium.own("options/options.html", 700, 900)
    options.select_option("#language", "de")
    expect(options.locator("h1")).to_have_text("Einstellungen")
    options.select_option("#theme", "dark")
    expect(options.locator("html")).to_have_class("dark")
    picture(options, "chromium-options-de-dark")
    popup = chromium.popup()
    expect(popup.locator("h1").first).to_have_text("Die Bedingungen erlauben KI-Training")
    picture(popup, "chromium-popup-de-dark")


def test_the_background_may_die_at_any_time(chromium: Chromium) -> None:
    popup = chromium.popup()
    chromium.worker.evaluate("self.marker = 1")
    devtools = chromium.context.new_cdp_session(popup)
    devtools.send("ServiceWorker.enable")
    devtools.send("ServiceWorker.stopAllWorkers")
    time.sleep(0.8)
    assert "YES" in chip(chromium.open())
    assert chromium.context.service_workers[-1].evaluate("String(self.marker)") == "undefined"


def test_a_followed_platform_that_changes_is_told_once(chromium: Chromium) -> None:
    popup = chromium.popup()
    popup.get_by_role("button", name="Notify me of changes").click()
    expect(popup.get_by_role("button", name="Stop notifying me")).to_be_visible()
    seen = "async () => { const {seen} = await chrome.storage.local.get('seen'); return seen; }"
    chromium.use_server(chromium.api.url)
    assert chromium.worker.evaluate(seen)["soundcloud"].startswith("permits")
    chromium.worker.evaluate(
        "async () => { self.told = [];"
        "chrome.notifications.create = async (id, what) => { self.told.push(what.title); };"
        "await chrome.storage.local.set({seen: {soundcloud: 'silent 2020'}}); }"
    )
    for _ in range(2):
        chromium.use_server(chromium.api.url)
    assert chromium.worker.evaluate("self.told") == ["SoundCloud changed its terms"]
