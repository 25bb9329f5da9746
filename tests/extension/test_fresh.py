"""What changes more than pages and storage, in a Chromium of its own: a killed background, a notice, a permission."""

from __future__ import annotations

import time

import pytest
from playwright.sync_api import Page, expect

from tests.extension.conftest import CARD, PILL, QUOTE, Chromium, chip, until

pytestmark = pytest.mark.e2e


def test_the_background_may_die_at_any_time(fresh: Chromium) -> None:
    popup = fresh.popup()
    fresh.worker.evaluate("self.marker = 1")
    devtools = fresh.context.new_cdp_session(popup)
    devtools.send("ServiceWorker.enable")
    devtools.send("ServiceWorker.stopAllWorkers")
    time.sleep(0.8)
    assert "YES" in chip(fresh.open())
    assert fresh.context.service_workers[-1].evaluate("String(self.marker)") == "undefined"


def test_an_alarm_that_the_browser_lost_is_set_again(fresh: Chromium) -> None:
    fresh.desk.evaluate("chrome.alarms.clearAll()")
    devtools = fresh.context.new_cdp_session(fresh.desk)
    devtools.send("ServiceWorker.enable")
    devtools.send("ServiceWorker.stopAllWorkers")
    time.sleep(0.8)
    chip(fresh.open())
    until(fresh.desk, "chrome.alarms.getAll().then((all) => all.length === 1)")


def test_a_badge_whose_extension_was_replaced_goes_when_it_is_clicked(fresh: Chromium) -> None:
    page = fresh.open()
    chip(page)
    browser = fresh.context.new_page()
    browser.goto("chrome://extensions/")
    for enabled in (False, True):
        browser.evaluate("([id, on]) => chrome.management.setEnabled(id, on)", [fresh.id, enabled])
    page.locator(PILL).click()
    expect(page.locator("clausewatch-badge")).to_have_count(0)
    page.reload()
    assert "YES" in chip(page)


def test_a_page_that_was_open_before_a_new_version_gets_its_badge(fresh: Chromium) -> None:
    page = fresh.open()
    chip(page)
    page.evaluate("document.querySelector('clausewatch-badge[kind=corner]').id = 'old'")
    browser = fresh.context.new_page()
    browser.goto("chrome://extensions/")
    browser.evaluate("chrome.developerPrivate.updateProfileConfiguration({inDeveloperMode: true})")
    browser.evaluate("(id) => chrome.developerPrivate.reload(id, {failQuietly: true})", fresh.id)
    expect(page.locator("clausewatch-badge#old")).to_have_count(0, timeout=15_000)
    expect(page.locator("clausewatch-badge")).to_have_count(2, timeout=15_000)
    page.evaluate("rerender()")
    page.wait_for_timeout(500)
    expect(page.locator("clausewatch-badge")).to_have_count(2)
    assert page.locator("clausewatch-badge#old").count() == 0
    page.locator(PILL).click()
    expect(page.locator(CARD)).to_contain_text("SoundCloud's terms", timeout=15_000)


def test_a_followed_platform_that_changes_is_told_once(fresh: Chromium) -> None:
    popup = fresh.popup()
    popup.get_by_role("button", name="Notify me of changes").click()
    expect(popup.get_by_role("button", name="Stop notifying me")).to_be_visible()
    fresh.use_server(fresh.api.url)
    assert fresh.stored("seen")["soundcloud"]["state"] == "permits"
    fresh.worker.evaluate(
        "self.told = [];"
        "chrome.notifications.create = async (id, what) => { self.told.push(what.title, what.message); }; null"
    )
    looked = 1_707_700_000_000  # on the day before the change
    fresh.store(seen={"soundcloud": {"state": "silent", "changed_at": "2020-01-01T00:00:00Z", "at": looked}})
    for _ in range(2):
        fresh.use_server(fresh.api.url)
    assert fresh.worker.evaluate("self.told") == [
        "SoundCloud changed its terms",
        "Before: The terms do not mention AI training. Now: The terms allow AI training.",
    ]


def test_a_private_window_is_left_alone_unless_allowed_and_leaves_no_trace_then(fresh: Chromium) -> None:
    page = private_page(fresh)
    chip(fresh.open())
    assert page.locator("clausewatch-badge").count() == 0
    fresh.allow(incognitoAccess=True)
    fresh.reopen()
    page.reload()
    assert "YES" in chip(page)
    page.locator(PILL).click()
    expect(page.locator(CARD)).to_contain_text(QUOTE, timeout=15_000)
    assert fresh.stored("lookups") is None
    other = fresh.open()
    chip(other)
    other.locator(PILL).click()
    expect(other.locator(CARD)).to_contain_text(QUOTE, timeout=15_000)
    until(fresh.desk, "chrome.storage.local.get('lookups').then(({lookups}) => lookups)")


def private_page(chromium: Chromium) -> Page:
    """A track's page in a private window."""
    browser = chromium.context.browser
    assert browser
    page = browser.new_context(ignore_https_errors=True).new_page()
    page.goto("https://soundcloud.com/artist/track")
    return page
