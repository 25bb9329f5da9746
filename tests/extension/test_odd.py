"""What goes wrong around the extension: a storage that is full or spoilt, a silent server, a second window."""

from __future__ import annotations

from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.extension.conftest import CARD, PILL, QUOTE, Chromium, chip, until

pytestmark = pytest.mark.e2e


def settled(page: Page) -> str:
    """What the popup says in the end."""
    expect(page.locator("main")).to_have_attribute("aria-busy", "false", timeout=15_000)
    return page.locator("main").inner_text()


@pytest.mark.parametrize(
    "spoilt",
    [
        {"list": "x"},
        {"list": {"server": "SERVER", "hosts": None, "platforms": None, "fetchedAt": 1}},
        {"lookups": {"soundcloud.com": {"server": "SERVER"}}},
        {"lookups": 5, "seen": 5, "notified": "x"},
    ],
)
def test_a_spoilt_storage_is_begun_anew(chromium: Chromium, spoilt: dict[str, Any]) -> None:
    def here(value: Any) -> Any:
        if isinstance(value, dict):
            return {key: here(each) for key, each in value.items()}
        return chromium.api.url if value == "SERVER" else value

    chromium.store(**here(spoilt))
    assert QUOTE in settled(chromium.popup())
    assert "YES" in chip(chromium.open())


def test_settings_of_no_known_version_are_begun_anew(chromium: Chromium) -> None:
    chromium.store(settings={"version": "constructor", "server": chromium.api.url, "language": "de"})
    options = chromium.own("options/options.html", 700, 900)
    expect(options.locator("#server")).to_have_value(chromium.api.url, timeout=15_000)
    expect(options.locator("h1")).to_have_text("Einstellungen")


def test_a_list_for_which_there_is_no_room_is_told(chromium: Chromium) -> None:
    worker = chromium.context.service_workers[-1]
    kept = "chrome.storage.local.set"
    worker.evaluate(f"self.kept = {kept}; {kept} = async () => {{ throw new Error('QUOTA_BYTES'); }}; null")
    try:
        assert "does not fit" in chromium.use_server(chromium.api.url)
    finally:
        worker.evaluate(f"{kept} = self.kept; null")
    assert "It works" in chromium.use_server(chromium.api.url)


def test_trying_again_asks_once_and_keeps_the_keyboard_where_it_was(chromium: Chromium) -> None:
    chromium.forget("list")
    chromium.api.stop()
    popup = chromium.popup()
    assert "No answer from the server" in settled(popup)
    assert popup.locator("#age").inner_text() == ""  # what there never was is not out of date
    again = popup.get_by_role("button", name="Try again")
    again.focus()
    asked: list[str] = []
    popup.on("request", lambda request: asked.append(request.url))
    popup.keyboard.press("Enter")
    expect(again).to_be_focused()
    expect(again).to_have_text("Try again")
    assert len([url for url in asked if url.endswith("/v1/hosts")]) == 1
    chromium.api.start()
    popup.keyboard.press("Enter")
    expect(popup.locator("main")).to_contain_text(QUOTE, timeout=15_000)
    expect(popup.locator("main")).to_be_focused()


def test_settings_changed_elsewhere_show_at_once_and_enter_in_the_search_tries_no_server(chromium: Chromium) -> None:
    options = chromium.own("options/options.html", 700, 900)
    expect(options.locator("#server")).not_to_have_value("", timeout=15_000)
    options.locator("summary").click()
    options.fill("#filter", "soundcloud")
    chromium.api.asked.clear()
    options.press("#filter", "Enter")
    other = chromium.own("options/options.html", 700, 900)
    expect(other.locator("#server")).not_to_have_value("", timeout=15_000)
    other.uncheck("#in-page")
    other.locator("summary").click()
    other.get_by_label("SoundCloud", exact=True).check()
    expect(options.locator("#in-page")).not_to_be_checked()
    expect(options.get_by_label("SoundCloud", exact=True)).to_be_checked()
    expect(options.locator("#notify")).to_be_checked()
    assert options.locator("#server-told").inner_text() == "" and chromium.api.asked == []
    other.select_option("#language", "de")
    other.select_option("#theme", "dark")
    expect(options.locator("h1")).to_have_text("Einstellungen")
    expect(options.locator("html")).to_have_class("dark")
    chromium.store(settings={"version": 2, "server": "http://localhost:9"})
    for each in (options, other):
        expect(each.locator("#server")).to_have_value("http://localhost:9")
        expect(each.locator("#followed li")).to_have_count(0)


def test_what_is_forgotten_is_not_fetched_again_at_once(chromium: Chromium) -> None:
    options = chromium.own("options/options.html", 700, 900)
    expect(options.locator("#server")).not_to_have_value("", timeout=15_000)
    chromium.api.asked.clear()
    options.click("#forget")
    options.select_option("#language", "de")
    expect(options.locator("h1")).to_have_text("Einstellungen")
    options.wait_for_timeout(300)
    assert chromium.stored("list") is None and chromium.api.asked == []


def test_the_toolbar_speaks_a_new_language_at_once(chromium: Chromium) -> None:
    chip(chromium.open())
    chromium.store(settings={"version": 2, "server": chromium.api.url, "language": "de"})
    title = (
        "async () => { const [tab] = await chrome.tabs.query({url: 'https://soundcloud.com/*'});"
        "return (await chrome.action.getTitle({tabId: tab.id})).includes('KI-Training'); }"
    )
    until(chromium.desk, title)


def test_a_private_link_is_a_track_like_another_and_a_list_is_none(chromium: Chromium) -> None:
    page = chromium.open("/artist/track/s-AbC123xyz")
    chip(page)
    page.evaluate("document.body.innerHTML = '<header role=banner></header><div class=fullHero__title>x</div>'")
    expect(page.locator("clausewatch-badge[kind=title]")).to_have_count(1)
    page.evaluate("go('/artist/likes'); document.body.innerHTML += '<div class=fullHero__title>x</div>'")
    expect(page.locator("clausewatch-badge[kind=title]")).to_have_count(0)


@pytest.mark.parametrize(("signals", "says"), [([], "Not read yet."), (["silent"], "Nothing about AI.")])
def test_signals_that_nobody_read_are_not_called_silent(chromium: Chromium, signals: list[str], says: str) -> None:
    settled(chromium.popup())
    until(chromium.desk, "chrome.storage.local.get('lookups').then(({lookups}) => lookups)")
    lookups = chromium.stored("lookups")
    lookups["soundcloud.com"]["data"]["signals"] = [{"family": "robots", "verdict": each} for each in signals]
    chromium.store(lookups=lookups)
    chromium.api.stop()
    section = chromium.popup().locator("section", has_text="What the site tells crawlers")
    expect(section).to_contain_text(says, timeout=15_000)
    chromium.api.start()


@pytest.mark.parametrize("name", ["Donaudampfschifffahrtsgesellschaftskapitänsmützenabzeichen", "منصة الموسيقى"])
def test_any_name_fits(chromium: Chromium, name: str) -> None:
    kept = chromium.stored("list")
    kept["platforms"]["soundcloud"]["name"] = name
    chromium.store(list=kept)
    popup = chromium.own("popup/popup.html?page=https://soundcloud.com/a/b", 384, 600)
    assert name in settled(popup)
    assert popup.evaluate("document.querySelector('main').scrollWidth <= 384")
    assert popup.locator("blockquote").first.get_attribute("dir") == "auto"
    options = chromium.own("options/options.html", 320, 800)
    expect(options.locator("#server")).not_to_have_value("", timeout=15_000)
    options.locator("summary").click()
    assert options.evaluate("document.documentElement.scrollWidth") <= 320


@pytest.mark.parametrize(
    ("host", "offered"),
    [
        ("other.example", True),
        ("192.168.1.1", False),
        ("localhost:8080", False),
        ("nas.local", False),
        ("[::1]", False),
    ],
)
def test_only_what_others_can_reach_is_offered_as_a_suggestion(chromium: Chromium, host: str, offered: bool) -> None:
    popup = chromium.popup(f"https://{host}/private")
    assert "is not watched" in settled(popup)
    assert popup.get_by_role("link", name="Suggest this platform").count() == offered


@pytest.mark.parametrize(
    ("width", "height"), [(320, 256), (640, 360), (1280, 720)], ids=["four times", "twice", "once"]
)
def test_the_card_stays_on_a_page_that_is_made_larger(chromium: Chromium, width: int, height: int) -> None:
    page = chromium.open("/upload")
    page.set_viewport_size({"width": width, "height": height})
    page.locator(CARD).wait_for(timeout=15_000)
    box = page.locator(CARD).bounding_box()
    assert box and box["x"] >= 0 and box["x"] + box["width"] <= width and box["y"] + box["height"] <= height


@pytest.mark.parametrize("hidden", [["soundcloud.com"], []], ids=["hidden", "shown"])
def test_a_page_that_comes_back_from_the_history_shows_what_holds_now(chromium: Chromium, hidden: list[str]) -> None:
    page = chromium.open()
    chip(page)
    page.evaluate("window.kept = true")
    page.goto("https://other.example/")
    chromium.store(settings={"version": 2, "server": chromium.api.url, "theme": "dark", "hidden": hidden})
    page.wait_for_timeout(500)
    page.evaluate("setTimeout(() => history.back(), 0)")
    page.wait_for_url("https://soundcloud.com/**", wait_until="commit")
    assert page.evaluate("window.kept"), "the browser loaded it anew: nothing was tried"
    if hidden:
        expect(page.locator("clausewatch-badge")).to_have_count(0)
    else:
        expect(page.locator("clausewatch-badge[kind=corner]")).to_have_css("color-scheme", "dark")


def test_a_page_that_lets_no_text_become_markup_has_the_badge_and_its_card(chromium: Chromium) -> None:
    page = chromium.open("/typed/track")
    assert page.evaluate("(() => { try { document.body.innerHTML = 'x'; } catch (why) { return why.name; } })()")
    chip(page)
    page.locator(PILL).click()
    expect(page.locator(CARD)).to_contain_text(QUOTE, timeout=15_000)


def test_what_is_followed_and_not_on_the_list_can_be_left(chromium: Chromium) -> None:
    chromium.store(settings={"version": 2, "server": chromium.api.url, "followed": ["gone"]})
    options = chromium.own("options/options.html", 700, 900)
    expect(options.locator("#count")).to_have_text("1", timeout=15_000)
    options.locator("summary").click()
    options.get_by_label("gone", exact=True).uncheck()
    expect(options.locator("#count")).to_have_text("0")


@pytest.mark.parametrize(
    ("region", "stance", "says"),
    [
        ("GB", "opt_out", "United Kingdom: Allowed unless you object."),
        ("EEA", "prohibits", "EEA: Ruled out."),
        # look-alikes: the same, nothing, and no region
        ("GB", "permits", ""),
        ("GB", "silent", ""),
        ("", "prohibits", ""),
    ],
)
def test_where_a_region_has_another_rule_it_is_said_with_the_answer(
    chromium: Chromium, region: str, stance: str, says: str
) -> None:
    settled(chromium.popup())
    until(chromium.desk, "chrome.storage.local.get('lookups').then(({lookups}) => lookups)")
    lookups = chromium.stored("lookups")
    lookups["soundcloud.com"]["data"]["documents"] = [{"region": region, "on_uploads": stance, "sharing": "silent"}]
    chromium.store(lookups=lookups)
    chromium.api.stop()
    popup = chromium.popup()
    expect(popup.locator("main")).to_contain_text("Allowed, without a choice.", timeout=15_000)
    assert popup.locator(".region").all_inner_texts() == ([says] if says else [])
    chromium.api.start()


def test_a_slow_answer_is_waited_for_in_words(chromium: Chromium) -> None:
    chromium.api.answers.clear()
    popup = chromium.popup()
    expect(popup.locator("main")).to_contain_text("One moment")
    expect(popup.locator("main h1")).to_have_text("The terms allow AI training")
    chromium.api.answers.set()
    expect(popup.locator("main")).to_contain_text(QUOTE, timeout=15_000)
    expect(popup.locator("main")).not_to_contain_text("One moment")


NOTE = "It may train on data about how you use it."


@pytest.mark.parametrize(("state", "says"), [("silent", NOTE), ("permits", "Allowed, without a choice.")])
def test_what_is_said_of_data_on_use_is_not_said_of_uploads(chromium: Chromium, state: str, says: str) -> None:
    settled(chromium.popup())
    until(chromium.desk, "chrome.storage.local.get('lookups').then(({lookups}) => lookups)")
    lookups = chromium.stored("lookups")
    data = lookups["soundcloud.com"]["data"]
    data["badge"]["state"], data["training"]["note"] = state, NOTE if state == "silent" else ""
    chromium.store(lookups=lookups)
    chromium.api.stop()
    popup, page = chromium.popup(), chromium.open()
    expect(popup.locator(".stance").first).to_have_text(says, timeout=15_000)
    expect(popup.locator("main")).to_contain_text(QUOTE)
    chip(page)
    page.locator(PILL).click()
    expect(page.locator(f"{CARD} blockquote")).to_have_text(f"{NOTE} “{QUOTE}”" if state == "silent" else QUOTE)
    chromium.api.start()


@pytest.mark.parametrize(
    ("mode", "says"), [("gone", "no longer watches this platform"), ("broken", "no answer of Clausewatch")]
)
def test_a_platform_that_left_the_servers_list_is_told_as_that(chromium: Chromium, mode: str, says: str) -> None:
    chromium.api.mode = mode
    expect(chromium.popup().locator(".warning")).to_contain_text(says, timeout=15_000)
    page = chromium.open()
    chip(page)
    page.locator(PILL).click()
    expect(page.locator(f"{CARD} .warn")).to_contain_text(says, timeout=15_000)


def test_settings_that_are_changed_at_once_are_all_kept(chromium: Chromium) -> None:
    options = chromium.own("options/options.html", 700, 900)
    expect(options.locator("#server")).not_to_have_value("", timeout=15_000)
    options.evaluate(
        "for (const [id, value] of [['theme', 'dark'], ['language', 'fr']])"
        " { const at = document.getElementById(id); at.value = value; at.dispatchEvent(new Event('change')); }"
        "for (const box of [...document.querySelectorAll('#followed input')].slice(0, 3)) box.click()"
    )
    three = "chrome.storage.local.get('settings').then(({settings: s}) => s?.followed?.length === 3)"
    until(chromium.desk, three)
    kept = chromium.stored("settings")
    assert (kept["theme"], kept["language"], kept["notify"]) == ("dark", "fr", True)
