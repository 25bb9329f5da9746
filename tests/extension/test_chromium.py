"""The extension in a real Chromium, against the real server."""

from __future__ import annotations

import time

import pytest
from playwright.sync_api import expect

from tests.extension.conftest import CARD, CORNER, PILL, QUOTE, Chromium, chip, picture, until
from tests.extension.world import HOSTILE

pytestmark = pytest.mark.e2e
REGISTERED = "chrome.scripting.getRegisteredContentScripts().then((all) => all.map(({id}) => id))"
IN_TITLE = ".fullHero__title + clausewatch-badge .pill"


def real_popup(chromium: Chromium, until: str) -> str:
    """What the popup says that the browser itself opens on the active tab, once `until` is in it."""
    desk = chromium.own("options/options.html")
    desk.evaluate(
        "chrome.tabs.query({url: 'https://soundcloud.com/*'}).then(([t]) => chrome.tabs.update(t.id, {active: true}))"
    )
    desk.evaluate("chrome.action.openPopup()")
    view = "chrome.extension.getViews({type: 'popup'})[0]?.document.body.innerText ?? ''"
    desk.wait_for_function(f"(until) => ({view}).includes(until)", arg=until, timeout=15_000)
    told: str = desk.evaluate(view)
    return told


def test_the_badge_is_below_the_header_and_the_title_and_moves_nothing(chromium: Chromium) -> None:
    page = chromium.open()
    assert "YES" in chip(page)
    expect(page.locator(IN_TITLE)).to_contain_text("The terms allow AI training")
    header = page.locator("header").bounding_box()
    pill = page.locator(PILL).bounding_box()
    assert header and pill and abs(pill["y"] - header["height"]) <= 1
    assert page.locator(CARD).count() == 0
    assert page.evaluate("window.shifts") == 0
    picture(page, "chromium-track")
    page.evaluate("window.go('/stream')")
    expect(page.locator(IN_TITLE)).to_have_count(0)
    assert "YES" in chip(page)


def test_a_click_shows_the_sentence_and_only_a_real_click_asks_for_it(chromium: Chromium) -> None:
    page = chromium.open()
    chip(page)
    page.evaluate("document.querySelector('clausewatch-badge[kind=corner]').shadowRoot.querySelector('.pill').click()")
    page.wait_for_timeout(400)
    assert page.locator(CARD).count() == 0
    assert not [path for path in chromium.api.asked if "lookup" in path]
    page.locator(IN_TITLE).click()
    expect(page.locator(CARD)).to_contain_text(QUOTE, timeout=15_000)
    source = page.locator(f"{CARD} a", has_text="Read it in the terms")
    assert "#:~:text=You%20agree" in str(source.get_attribute("href"))
    picture(page, "chromium-card")
    assert [path for path in chromium.api.asked if "lookup" in path] == ["/v1/lookup?host=soundcloud.com"]


def test_the_toolbar_shows_letter_and_words(chromium: Chromium) -> None:
    page = chromium.open()
    chip(page)
    ask = "async () => { const t = (await chrome.tabs.query({})).find((t) => (t.url ?? '').includes('soundcloud'));"
    got = chromium.desk.evaluate(
        ask + "return [await chrome.action.getBadgeText({tabId: t.id}), await chrome.action.getTitle({tabId: t.id})]; }"
    )
    assert got == ["YES", "SoundCloud: The terms allow AI training"]


def test_the_upload_page_has_a_clear_panel_before_publishing(chromium: Chromium) -> None:
    page = chromium.open("/upload")
    card = page.locator(CARD)
    card.wait_for(timeout=15_000)
    assert "allow it to train AI on what you upload" in card.inner_text()
    assert "about to upload" in card.inner_text()
    assert not [path for path in chromium.api.asked if "lookup" in path]
    picture(page, "chromium-upload")
    card.get_by_role("button", name="Show the sentence and your choices").click()
    expect(card).to_contain_text(QUOTE, timeout=15_000)
    card.locator(".close").click()
    expect(card).to_have_count(0)
    page.evaluate("window.rerender()")
    page.wait_for_timeout(500)
    assert card.count() == 0


def test_navigation_within_the_page_and_a_new_rendering_are_survived(chromium: Chromium) -> None:
    page = chromium.open()
    chip(page)
    page.evaluate("window.go('/upload')")
    page.locator(CARD).wait_for(timeout=10_000)
    page.evaluate("window.go('/other/track')")
    expect(page.locator(CARD)).to_have_count(0)
    page.evaluate("document.querySelectorAll('clausewatch-badge').forEach((e) => e.remove()); window.rerender()")
    expect(page.locator(IN_TITLE)).to_be_visible()
    assert "YES" in chip(page)
    assert page.locator("clausewatch-badge").count() == 2
    page.go_back()
    page.locator(CARD).wait_for(timeout=10_000)


def test_a_site_that_draws_itself_anew_in_every_frame_does_not_move_the_badge(chromium: Chromium) -> None:
    page = chromium.open()
    chip(page)
    lowest = page.evaluate(
        "new Promise((done) => {"
        "const badge = document.querySelector('clausewatch-badge[kind=corner]');"
        "const tops = [];"
        "const frame = () => { window.rerender(); tops.push(badge.getBoundingClientRect().top);"
        "tops.length < 60 ? requestAnimationFrame(frame) : done(Math.max(...tops)); };"
        "frame(); })"
    )
    assert lowest < 60


def test_without_a_header_the_badge_lies_in_the_corner_below_its_card(chromium: Chromium) -> None:
    page = chromium.context.new_page()
    page.add_init_script("addEventListener('DOMContentLoaded', () => document.querySelector('header').remove())")
    page.goto("https://soundcloud.com/upload")
    page.locator(CARD).wait_for(timeout=15_000)
    card, pill = page.locator(CARD).bounding_box(), page.locator(PILL).bounding_box()
    assert card and pill and card["y"] + card["height"] <= pill["y"]
    assert page.viewport_size and page.viewport_size["height"] - pill["y"] - pill["height"] == 16
    picture(page, "chromium-upload-without-header")


def test_the_badge_is_not_printed(chromium: Chromium) -> None:
    page = chromium.open()
    chip(page)
    page.pdf()
    page.emulate_media(media="print")
    expect(page.locator(PILL)).to_be_hidden()
    page.emulate_media(media="screen")
    expect(page.locator(PILL)).to_be_visible()


def test_the_shape_is_seen_in_forced_colours(chromium: Chromium) -> None:
    page = chromium.open()
    chip(page)
    colour = "(element) => getComputedStyle(element).backgroundColor"
    shape, ground = page.locator(f"{PILL} .chip span"), page.locator(f"{PILL} .chip")
    assert shape.evaluate(colour) != ground.evaluate(colour)
    page.emulate_media(forced_colors="active")
    assert shape.evaluate(colour) != ground.evaluate(colour)
    picture(page, "chromium-track-forced-colours")


def test_on_a_narrow_page_the_badge_has_no_words_below_the_header(chromium: Chromium) -> None:
    page = chromium.open()
    chip(page)
    label = page.locator(f"{PILL} .label")
    assert (label.bounding_box() or {})["width"] > 100
    page.set_viewport_size({"width": 320, "height": 600})
    assert (label.bounding_box() or {})["width"] == 0
    expect(page.locator(IN_TITLE)).to_contain_text("The terms allow AI training")
    picture(page, "chromium-track-narrow")


def test_the_keyboard_opens_and_closes_the_card_and_leaves_the_site_alone(chromium: Chromium) -> None:
    page = chromium.open()
    chip(page)
    page.locator(PILL).focus()
    page.keyboard.press("Enter")
    expect(page.locator(CARD)).to_be_focused()
    page.keyboard.press("Tab")
    page.keyboard.press("Escape")
    expect(page.locator(CARD)).to_have_count(0)
    expect(page.locator(PILL)).to_be_focused()
    assert page.locator(PILL).get_attribute("aria-expanded") == "false"
    assert page.evaluate("window.keys") == []


def test_what_a_page_shows_at_once_was_prepared_in_the_language_and_theme_in_force(chromium: Chromium) -> None:
    prepared = f"({REGISTERED}).then((ids) => ids.find((id) => id.includes(' https://soundcloud.com/')) ?? '')"
    until(chromium.desk, f"{prepared}.then((id) => id.endsWith('words-en state-permits'))")
    settings = {"version": 2, "server": chromium.api.url, "language": "de", "theme": "dark"}
    chromium.store(settings=settings)
    until(chromium.desk, f"{prepared}.then((id) => id.endsWith('words-de state-permits theme-dark'))")
    chromium.desk.evaluate(
        "self.asked = []; chrome.runtime.onMessage.addListener(({kind}) => void self.asked.push(kind))"
    )
    page = chromium.open()
    assert "Die Bedingungen erlauben KI-Training" in chip(page)
    assert page.locator(CORNER).evaluate("(badge) => badge.style.colorScheme") == "dark"
    assert chromium.desk.evaluate("self.asked") == [], "the page need not ask"
    page.locator(PILL).click()
    expect(page.locator(CARD)).to_contain_text(QUOTE, timeout=15_000)
    assert chromium.desk.evaluate("self.asked") == ["site", "detail"]
    chromium.store(settings=settings | {"hidden": ["soundcloud.com"]})
    until(chromium.desk, f"{prepared}.then((id) => !id)")


@pytest.mark.parametrize("prepared", [["words-en", "state-prohibits"], []])
def test_what_was_prepared_and_is_untrue_or_missing_is_put_right(chromium: Chromium, prepared: list[str]) -> None:
    chip(chromium.open())
    chromium.desk.evaluate(
        "async (names) => { await chrome.scripting.unregisterContentScripts();"
        "const js = names.map((name) => `content/prepared/${name}.js`);"
        "const script = {id: 'other', matches: ['https://soundcloud.com/*'], js, runAt: 'document_start'};"
        "if (js.length) await chrome.scripting.registerContentScripts([script]); }",
        prepared,
    )
    expect(chromium.open().locator(PILL)).to_contain_text("YES", timeout=15_000)
    assert all("words-en state-permits" in name for name in chromium.desk.evaluate(REGISTERED))


def test_it_can_be_hidden_on_a_site_and_brought_back(chromium: Chromium) -> None:
    page = chromium.open()
    chip(page)
    page.locator(PILL).click()
    page.locator("clausewatch-badge .hide").click()
    expect(page.locator("clausewatch-badge")).to_have_count(0)
    page.reload()
    page.wait_for_timeout(1200)
    assert page.locator("clausewatch-badge").count() == 0
    options = chromium.own("options/options.html", 700, 900)
    options.locator("#in-page").check()
    page.bring_to_front()
    assert "YES" in chip(page)


def test_the_answer_leaves_the_buttons_and_the_focus_alone(chromium: Chromium) -> None:
    page = chromium.open()
    chip(page)
    chromium.api.answers.clear()
    page.locator(PILL).click()
    button = page.locator(f"{CARD} .close")
    button.focus()
    before = button.element_handle()
    chromium.api.answers.set()
    expect(page.locator(CARD)).to_contain_text(QUOTE, timeout=15_000)
    expect(button).to_be_focused()
    assert button.evaluate("(now, before) => now === before", before)


def test_the_answer_takes_no_click_away(chromium: Chromium) -> None:
    page = chromium.open()
    chip(page)
    chromium.api.answers.clear()
    page.locator(PILL).click()
    page.locator(f"{CARD} .hide").hover()
    page.mouse.down()
    chromium.api.answers.set()
    until(chromium.desk, "chrome.storage.local.get('lookups').then(({lookups}) => lookups)")
    page.wait_for_timeout(300)
    assert QUOTE not in page.locator(CARD).inner_text(), "it waits for the button to be let go"
    page.mouse.up()
    expect(page.locator("clausewatch-badge")).to_have_count(0)


def test_the_popup_answers_with_sentence_quote_and_story(chromium: Chromium) -> None:
    popup = chromium.popup()
    expect(popup.locator("main")).to_have_attribute("aria-busy", "false", timeout=10_000)
    told = popup.locator("main").inner_text()
    for part in (
        "The terms allow AI training",
        QUOTE,
        "It says one thing, its terms another",
        "May it train AI on your uploads?",
        "Changed:\u00a0February\u00a012,\u00a02024",
    ):
        assert part in told, part
    source = popup.get_by_role("link", name="Read it in the terms").first
    assert "#:~:text=You%20agree" in str(source.get_attribute("href"))
    assert (
        popup.get_by_role("link", name="Follow in Telegram").get_attribute("href")
        == "https://t.me/watch_bot?start=follow_soundcloud"
    )
    picture(popup, "chromium-popup")


def test_an_equal_answer_leaves_what_is_read_where_it_is(chromium: Chromium) -> None:
    expect(chromium.popup().locator("main")).to_have_attribute("aria-busy", "false")
    for mode, stays in (("real", True), ("hostile", False)):
        chromium.api.mode = mode
        chromium.api.answers.clear()
        popup = chromium.popup()
        quote = popup.locator("blockquote").first.element_handle()
        chromium.api.answers.set()
        expect(popup.locator("main")).to_have_attribute("aria-busy", "false")
        assert quote and quote.evaluate("(element) => element.isConnected") is stays


def test_the_browsers_own_popup_reads_the_open_page(chromium: Chromium) -> None:
    chip(chromium.open())
    told = real_popup(chromium, "noai: reserved")
    assert '<meta name="robots" content="index, noai">' in told
    # A page whose certificate is doubtful, as here, is never in the cache: its headers stay unread, and that is said.
    assert "noimageai: unreadable" in told


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
    chromium.forget("list")
    popup = chromium.popup()
    expect(popup.locator(".answer")).to_contain_text("out of date", timeout=15_000)


def test_a_list_that_is_days_old_says_so_everywhere(chromium: Chromium) -> None:
    chromium.api.stop()
    now = time.time() * 1000
    old = {"fetchedAt": now - 4 * 86_400_000, "triedAt": now, "trouble": "offline"}
    chromium.store(list=chromium.stored("list") | old)
    page = chromium.open()
    chip(page)
    assert "out of date" in str(page.locator(PILL).get_attribute("aria-label"))
    popup = chromium.popup()
    expect(popup.locator(".warning")).to_contain_text("cannot be reached", timeout=15_000)
    expect(popup.locator(".answer .old")).to_contain_text("out of date")
    expect(popup.locator("#age")).to_contain_text("4 days ago")
    title = "async () => { const [t] = await chrome.tabs.query({url: 'https://soundcloud.com/*'});"
    assert "out of date" in chromium.desk.evaluate(title + "return chrome.action.getTitle({tabId: t.id}); }")
    chromium.api.start()


def test_settings_of_an_older_version_are_carried_over(chromium: Chromium) -> None:
    old = {"version": 1, "server": chromium.api.url, "theme": "dark", "showInPage": False, "followed": ["vimeo"]}
    chromium.store(settings=old)
    page = chromium.open()
    options = chromium.own("options/options.html", 700, 900)
    expect(options.locator("#server")).to_have_value(chromium.api.url, timeout=15_000)
    expect(options.locator("html")).to_have_class("dark")
    expect(options.locator("#in-page")).not_to_be_checked()
    expect(options.locator("#count")).to_have_text("1")
    assert page.locator("clausewatch-badge").count() == 0


def test_followed_platforms_are_chosen_and_all_is_forgotten_on_the_options_page(chromium: Chromium) -> None:
    options = chromium.own("options/options.html", 700, 900)
    expect(options.locator("#server")).not_to_have_value("", timeout=15_000)
    options.locator("summary").click()
    options.fill("#filter", "soundcl")
    expect(options.locator("#followed li")).to_have_count(1)
    options.get_by_label("SoundCloud", exact=True).check()
    expect(options.locator("#count")).to_have_text("1")
    expect(options.locator("#notify")).to_be_checked()
    assert chromium.stored("settings")["followed"] == ["soundcloud"]
    assert chromium.stored("seen")["soundcloud"]["state"] == "permits"
    options.click("#forget")
    expect(options.locator("#followed li")).to_have_text(["soundcloud"])  # still followed, without its name
    assert chromium.stored("settings")["server"] == chromium.api.url
    assert chromium.stored("seen") is None and chromium.stored("list") is None


def test_a_hostile_server_can_show_text_but_never_markup(chromium: Chromium) -> None:
    chromium.api.mode = "hostile"
    chromium.forget("list")
    popup = chromium.popup()
    expect(popup.locator("main")).to_have_attribute("aria-busy", "false", timeout=15_000)
    assert HOSTILE[:12] in popup.locator("main").inner_text()
    assert popup.locator("main img, main script").count() == 0
    assert popup.evaluate("[...document.links].every((a) => /^(https?|chrome-extension):/.test(a.href))")
    page = chromium.open()
    chip(page)
    page.locator(PILL).click()
    expect(page.locator(f"{CARD} blockquote")).to_contain_text(HOSTILE[:12], timeout=15_000)
    assert page.locator(f"{CARD} img, {CARD} script").count() == 0
    assert page.locator(f"{CARD} a").evaluate_all("(links) => links.every((a) => /^https?:/.test(a.href))")
    assert "broken in" not in (popup.title() + page.title())


def test_a_wrong_server_is_told_on_the_options_page(chromium: Chromium) -> None:
    assert "begins with https" in chromium.use_server("ftp://nowhere")
    chromium.api.mode = "broken"
    assert "no answer of Clausewatch" in chromium.use_server(chromium.api.url + "/other")
    chromium.api.mode = "moved"
    chromium.api.asked.clear()
    assert "sends on to another address" in chromium.use_server(chromium.api.url)
    assert not [path for path in chromium.api.asked if path.startswith("/new")]


def test_hidden_on_one_host_of_a_site_is_hidden_on_all_and_brought_back_on_all(chromium: Chromium) -> None:
    mobile = chromium.context.new_page()
    mobile.goto("https://m.soundcloud.com/artist/track")
    chip(mobile)
    mobile.locator(PILL).click()
    page = chromium.open()
    mobile.locator("clausewatch-badge .hide").click()
    for each in (mobile, page):
        expect(each.locator("clausewatch-badge")).to_have_count(0)
    options = chromium.own("options/options.html", 700, 900)
    expect(options.locator("#server")).not_to_have_value("", timeout=15_000)
    expect(options.locator("#in-page")).not_to_be_checked()
    options.locator("#in-page").check()
    for each in (mobile, page):
        assert "YES" in chip(each)


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
    assert (popup.locator("#settings").bounding_box() or {})["height"] < 30  # its word is not torn


def says_that_it_is_shown(chromium: Chromium) -> bool:
    """Whether the settings say that SoundCloud's pages carry the badge."""
    options = chromium.own("options/options.html", 700, 900)
    expect(options.locator("#server")).not_to_have_value("", timeout=15_000)
    return options.locator("#in-page").is_checked()


def test_a_site_that_the_person_withholds_is_left_alone(chromium: Chromium) -> None:
    page = chromium.open()
    chip(page)
    chromium.allow(hostAccess="ON_CLICK")
    try:
        page.reload()
        page.wait_for_timeout(1000)
        assert page.locator("clausewatch-badge").count() == 0
        expect(chromium.popup().locator("main")).to_contain_text(QUOTE, timeout=15_000)
        assert not says_that_it_is_shown(chromium)
    finally:
        chromium.allow(hostAccess="ON_ALL_SITES")
    page.reload()
    assert "YES" in chip(page)
    assert says_that_it_is_shown(chromium)
