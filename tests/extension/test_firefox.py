"""The same folder in a real Firefox: badge, upload panel, toolbar, popup, a server that is down, what is allowed."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.conftest import require
from tests.extension import firefox
from tests.extension.conftest import ARTIFACTS, EXTENSION, QUOTE
from tests.extension.firefox import Firefox
from tests.extension.world import Api, Site

pytestmark = pytest.mark.e2e
MAIN = "document.querySelector('main[aria-busy=false]')?.innerText"
ROOT = "document.querySelector('clausewatch-badge[kind=corner]')?.shadowRoot"
TRACK = "https://soundcloud.com/artist/track"
POPUP = f"popup/popup.html?page={TRACK}"


@pytest.fixture(scope="module")
def one_firefox(tmp_path_factory: pytest.TempPathFactory, site: Site) -> Iterator[Firefox]:
    """One Firefox for all tests of this file; use `browser`."""
    require("firefox", firefox.program() is not None)
    with Firefox(tmp_path_factory.mktemp("firefox") / "profile", site.port, EXTENSION) as made:
        yield made


@pytest.fixture
def browser(one_firefox: Firefox, api: Api) -> Firefox:
    """A Firefox that uses the test's server, its extension as if just installed: nothing kept, no page open."""
    one_firefox.reset(api.url)
    api.asked.clear()
    return one_firefox


def letter(browser: Firefox, url: str) -> str:
    """The toolbar's badge on the tab that shows `url`, or `nothing`."""
    find = f"browser.tabs.query({{}}).then((tabs) => tabs.find((tab) => tab.url?.startsWith('{url}')))"
    text = "tab ? browser.action.getBadgeText({tabId: tab.id}) : ''"
    return str(browser.run(browser.desk, f"{find}.then((tab) => {text}).then((text) => text || 'nothing')"))


def test_the_badge_and_the_upload_panel(browser: Firefox, api: Api) -> None:
    page = browser.open(TRACK)
    assert "YES" in browser.wait(page, f"{ROOT}?.querySelector('.chip')?.innerText")
    assert letter(browser, TRACK) == "YES"
    for theme in ("light", "dark"):
        browser.run(
            browser.desk,
            f"browser.storage.local.set({{settings: {{version: 2, server: '{api.url}', theme: '{theme}'}}}})",
        )
        browser.wait(page, f"{ROOT}?.host.style.colorScheme === '{theme}'")
        browser.run(page, "window.go('/upload')")
        assert "about to upload" in browser.wait(page, f"{ROOT}?.querySelector('.card')?.innerText")
        assert browser.run(page, f"getComputedStyle({ROOT}.host).position") == "fixed", (
            "the style came through the policy"
        )
        browser.picture(page, ARTIFACTS / f"firefox-upload-{theme}.png")
    assert not [path for path in api.asked if "lookup" in path]


def test_the_popup_answers(browser: Firefox, api: Api) -> None:
    popup = browser.own(POPUP)
    assert QUOTE in browser.wait(popup, MAIN)
    browser.picture(popup, ARTIFACTS / "firefox-popup.png")
    assert set(api.asked) == {"/v1/lookup?host=soundcloud.com"}


def test_a_page_that_is_not_watched(browser: Firefox, api: Api) -> None:
    popup = browser.own("popup/popup.html?page=https://other.example/secret")
    assert "other.example is not watched" in browser.wait(popup, MAIN)
    assert api.asked == []


def test_a_server_that_is_down(browser: Firefox, api: Api) -> None:
    browser.wait(browser.own(POPUP), MAIN)
    api.stop()
    told = browser.wait(browser.own(POPUP), MAIN)
    assert "cannot be reached" in told
    assert "Shown is what was known" in told
    assert QUOTE in told
    page = browser.open(TRACK)
    assert "YES" in browser.wait(page, f"{ROOT}?.querySelector('.chip')?.innerText")


def test_other_platforms_are_seen_only_once_the_browsers_question_is_answered_with_yes(browser: Firefox) -> None:
    options = browser.own("options/options.html")
    browser.wait(options, "document.querySelector('#server').value")
    checked = "String(document.querySelector('#everywhere').checked)"
    browser.open("https://vimeo.com/")
    browser.click(options, "#everywhere")
    browser.decide("secondaryButton")
    browser.wait(options, f"{checked} === 'false'")
    assert letter(browser, "https://vimeo.com/") == "nothing"
    browser.run(options, "browser.windows.create({url: 'https://vimeo.com/', focused: false}).then(() => 1)")
    browser.click(options, "#everywhere")
    browser.decide("button")
    browser.wait(options, "browser.permissions.contains({permissions: ['tabs']})")
    assert browser.run(options, checked) == "true"
    browser.wait(  # without loading the page anew
        options,
        "browser.tabs.query({url: 'https://vimeo.com/*'}).then(async (tabs) =>"
        " (await Promise.all(tabs.map((t) => browser.action.getBadgeText({tabId: t.id})))).includes('?'))",
    )
    browser.click(options, "#everywhere")
    browser.wait(options, "browser.permissions.contains({permissions: ['tabs']}).then((may) => !may)")
    browser.wait(
        options,
        "browser.tabs.query({}).then(async (tabs) =>"
        " !(await Promise.all(tabs.map((t) => browser.action.getBadgeText({tabId: t.id})))).includes('?'))",
    )


def test_a_private_window_is_left_alone(browser: Firefox, api: Api) -> None:
    private = browser.private(TRACK)
    browser.wait(browser.open(TRACK), f"{ROOT}?.querySelector('.chip')?.innerText")
    assert browser.run(private, "document.querySelectorAll('clausewatch-badge').length") == 0
    assert browser.run(private, "document.title") == "Music"


def test_the_settings_say_when_the_site_is_withheld_and_ask_for_it(browser: Firefox, api: Api) -> None:
    checked, sites = "document.querySelector('#in-page').checked", "browser.runtime.getManifest().host_permissions"
    options = browser.own("options/options.html")
    browser.wait(options, checked)
    assert browser.run(browser.desk, f"browser.permissions.remove({{origins: {sites}}})")
    browser.wait(options, f"!{checked}")
    browser.click(options, "#in-page")
    browser.decide("button")
    browser.wait(browser.desk, f"browser.permissions.contains({{origins: {sites}}})")
    assert browser.run(options, checked)
    assert "YES" in browser.wait(browser.open(TRACK), f"{ROOT}?.querySelector('.chip')?.innerText")
