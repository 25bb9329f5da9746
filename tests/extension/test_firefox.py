"""The same folder in a real Firefox: badge, upload panel, toolbar, popup, and a server that is down."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.conftest import require
from tests.extension import firefox
from tests.extension.conftest import ARTIFACTS, EXTENSION
from tests.extension.firefox import Firefox
from tests.extension.world import Api, Site

pytestmark = pytest.mark.e2e
MAIN = "document.querySelector('main[aria-busy=false]')?.innerText"
ROOT = "document.querySelector('clausewatch-badge[kind=corner]')?.shadowRoot"


@pytest.fixture
def browser(tmp_path: Path, site: Site, api: Api) -> Iterator[Firefox]:
    """A fresh Firefox that uses the test's server."""
    require("firefox", firefox.program() is not None)
    with Firefox(tmp_path / "profile", site.port, EXTENSION) as made:
        options = made.own("options/options.html")
        made.wait(options, "document.querySelector('#server').value")
        made.run(
            options, f"document.querySelector('#server').value = '{api.url}'; document.querySelector('#test').click()"
        )
        made.wait(options, "document.querySelector('#server-told').textContent.includes('platforms are watched')")
        yield made


def test_the_story_in_firefox(browser: Firefox, api: Api) -> None:
    page = browser.open("https://soundcloud.com/artist/track", browser.first)
    assert "YES" in browser.wait(page, f"{ROOT}?.querySelector('.chip')?.innerText")
    browser.run(page, "window.go('/upload')")
    assert "about to upload" in browser.wait(page, f"{ROOT}?.querySelector('.card')?.innerText")
    assert browser.run(page, f"getComputedStyle({ROOT}.host).position") == "fixed", "the style came through the policy"
    browser.picture(page, ARTIFACTS / "firefox-upload.png")

    popup = browser.own("popup/popup.html?page=https://soundcloud.com/artist/track")
    told = browser.wait(popup, MAIN)
    assert "You agree that your uploads may be used to train artificial intelligence." in told
    browser.picture(popup, ARTIFACTS / "firefox-popup.png")
    letter = "(async () => { const [t] = await browser.tabs.query({url: 'https://soundcloud.com/*'});"
    assert browser.run(popup, letter + "return browser.action.getBadgeText({tabId: t.id}); })()") == "YES"

    api.stop()
    offline = browser.own("popup/popup.html?page=https://soundcloud.com/artist/track")
    told = browser.wait(offline, MAIN)
    assert "cannot be reached" in told
    assert "Shown is what was known" in told
    api.start()
    assert set(api.asked) <= {"/v1/hosts", "/v1/lookup?host=soundcloud.com"}
