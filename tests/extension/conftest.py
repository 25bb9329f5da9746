"""Both browsers with the extension loaded unpacked, a site and a server."""

from __future__ import annotations

import re
import shutil
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import BrowserContext, Page, Playwright, expect, sync_playwright

from tests.conftest import ROOT, require
from tests.extension.world import Api, Site

EXTENSION = ROOT / "extension"
ARTIFACTS = ROOT / "artifacts"
QUIET = [
    *("--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking"),
    *("--disable-component-update", "--disable-sync"),
]
CORNER = "clausewatch-badge[kind=corner]"
PILL = f"{CORNER} .pill"
CARD = "clausewatch-badge .card"
QUOTE = "You agree that your uploads may be used to train artificial intelligence."


@pytest.fixture(scope="module")
def site() -> Iterator[Site]:
    """A SoundCloud-like site."""
    made = Site()
    yield made
    made.close()


@pytest.fixture(scope="module")
def one_api(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Api]:
    """One server for all tests of a file; use `api`."""
    made = Api(tmp_path_factory.mktemp("api"))
    yield made
    made.stop()


@pytest.fixture
def api(one_api: Api) -> Api:
    """The real server with one quiet change, as if just started."""
    one_api.reset()
    return one_api


class Chromium:
    """A Chromium with the extension; only the site and the server can be reached."""

    api: Api

    def __init__(self, context: BrowserContext) -> None:
        self.context = context
        workers = context.service_workers
        self.worker = workers[0] if workers else context.wait_for_event("serviceworker", timeout=15_000)
        self.id = self.worker.url.split("/")[2]
        self.reopen()

    def reopen(self) -> None:
        """Opens the desk: a page with the extension's rights and without its scripts."""
        self.desk = self.own("icons/icon-16.png")

    def reset(self, server: str) -> None:
        """As if just installed, with that server and its list."""
        for page in self.context.pages:
            if page is not self.desk:
                page.close()
        told = self.desk.evaluate(
            "async (server) => { await chrome.storage.local.clear();"
            "await chrome.storage.local.set({settings: {version: 2, server}});"
            "return chrome.runtime.sendMessage({kind: 'refresh'}); }",
            server,
        )
        assert not told["trouble"], told

    def allow(self, **what: Any) -> None:
        """Changes what the person allows the extension, as on the browser's own page for it."""
        page = self.context.new_page()
        page.goto("chrome://extensions/")
        page.evaluate("chrome.developerPrivate.updateProfileConfiguration({inDeveloperMode: true})")
        page.evaluate(
            "(what) => chrome.developerPrivate.updateExtensionConfiguration(what)", {"extensionId": self.id, **what}
        )
        enabled = "(id) => chrome.developerPrivate.getExtensionInfo(id).then(({state}) => state === 'ENABLED')"
        until(page, enabled, self.id)  # some of it loads the extension anew
        page.close()

    def stored(self, key: str) -> Any:
        """What the extension keeps under that name."""
        return self.desk.evaluate("(key) => chrome.storage.local.get(key).then((all) => all[key])", key)

    def store(self, **values: Any) -> None:
        """Keeps something in the extension's place."""
        self.desk.evaluate("(values) => chrome.storage.local.set(values)", values)

    def forget(self, key: str) -> None:
        """Takes from it what it keeps under that name."""
        self.desk.evaluate("(key) => chrome.storage.local.remove(key)", key)

    def open(self, path: str = "/artist/track") -> Page:
        """A page of the site."""
        page = self.context.new_page()
        page.goto(f"https://soundcloud.com{path}")
        return page

    def own(self, path: str, width: int = 390, height: int = 760) -> Page:
        """A page of the extension."""
        page = self.context.new_page()
        page.set_viewport_size({"width": width, "height": height})
        page.goto(f"chrome-extension://{self.id}/{path}")
        return page

    def popup(self, address: str = "https://soundcloud.com/artist/track") -> Page:
        """The popup as if opened on a page."""
        return self.own(f"popup/popup.html?page={address}")

    def use_server(self, url: str) -> str:
        """Sets the server on the options page; gives what the page says then."""
        page = self.own("options/options.html", 700, 900)
        expect(page.locator("#server")).not_to_have_value("", timeout=15_000)
        page.fill("#server", url)
        page.click("#test")
        expect(page.locator("#server-told")).to_have_text(re.compile(r"^[^…]+$"), timeout=15_000)
        told = page.locator("#server-told").inner_text()
        page.close()
        return told


@contextmanager
def opened(
    playwright: Playwright, profile: Path, site: Site, server: str, extension: Path = EXTENSION
) -> Iterator[Chromium]:
    """A fresh Chromium whose extension uses the server at that address."""
    program = shutil.which("chromium") or shutil.which("chromium-browser")
    require("chromium", program is not None)
    names = ("soundcloud.com", "www.soundcloud.com", "m.soundcloud.com", "other.example")
    hosts = ",".join(f"MAP {name} 127.0.0.1:{site.port}" for name in names)
    context = playwright.chromium.launch_persistent_context(
        str(profile),
        executable_path=program,
        headless=True,
        ignore_https_errors=True,
        ignore_default_args=["--disable-back-forward-cache"],
        args=[
            *QUIET,
            f"--disable-extensions-except={extension}",
            f"--load-extension={extension}",
            f"--host-resolver-rules={hosts},MAP * ~NOTFOUND,EXCLUDE 127.0.0.1",
        ],
    )
    made = Chromium(context)
    made.reset(server)
    yield made
    context.close()


@contextmanager
def launched(profile: Path, site: Site, server: str, extension: Path = EXTENSION) -> Iterator[Chromium]:
    """The same where no Playwright runs yet."""
    with sync_playwright() as playwright, opened(playwright, profile, site, server, extension) as made:
        yield made


@pytest.fixture(scope="module")
def playwright() -> Iterator[Playwright]:
    """What drives Chromium; a thread can have but one."""
    with sync_playwright() as made:
        yield made


@pytest.fixture(scope="module")
def one_chromium(
    playwright: Playwright, tmp_path_factory: pytest.TempPathFactory, site: Site, one_api: Api
) -> Iterator[Chromium]:
    """One Chromium for all tests of a file; use `chromium`."""
    with opened(playwright, tmp_path_factory.mktemp("profile"), site, one_api.url) as made:
        yield made


@pytest.fixture
def chromium(one_chromium: Chromium, api: Api) -> Chromium:
    """A Chromium that uses the test's server, its extension as if just installed: nothing kept, no page open."""
    one_chromium.api = api
    one_chromium.reset(api.url)
    api.asked.clear()
    return one_chromium


@pytest.fixture
def fresh(playwright: Playwright, tmp_path: Path, site: Site, api: Api) -> Iterator[Chromium]:
    """A Chromium of its own, for tests that change more than pages and storage."""
    with opened(playwright, tmp_path / "profile", site, api.url) as made:
        made.api = api
        yield made


def until(page: Page, expression: str, arg: Any = None, seconds: float = 15) -> None:
    """Waits for an expression to come true; Playwright's own wait takes any promise for true."""
    end = time.monotonic() + seconds
    while not page.evaluate(expression, arg):
        assert time.monotonic() < end, f"waited {seconds} s for {expression}"
        time.sleep(0.05)


def chip(page: Page) -> str:
    """What the badge below the site's header says."""
    found = page.locator(PILL)
    found.wait_for(timeout=15_000)
    return found.inner_text()


def picture(page: Page, name: str) -> None:
    """A screenshot for people to look at."""
    ARTIFACTS.mkdir(exist_ok=True)
    page.screenshot(path=str(ARTIFACTS / f"{name}.png"))
