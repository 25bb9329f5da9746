"""Both browsers with the extension loaded unpacked, a site and a server."""

from __future__ import annotations

import re
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from playwright.sync_api import BrowserContext, Page, expect, sync_playwright

from tests.conftest import ROOT, require
from tests.extension.world import Api, Site

EXTENSION = ROOT / "extension"
ARTIFACTS = ROOT / "artifacts"
QUIET = [
    *("--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking"),
    *("--disable-component-update", "--disable-sync"),
]


@pytest.fixture
def site() -> Iterator[Site]:
    """A SoundCloud-like site."""
    made = Site()
    yield made
    made.close()


@pytest.fixture
def api(tmp_path: Path) -> Iterator[Api]:
    """The real server with one quiet change."""
    made = Api(tmp_path)
    yield made
    made.stop()


class Chromium:
    """A Chromium with the extension; only the site and the server can be reached."""

    api: Api

    def __init__(self, context: BrowserContext) -> None:
        self.context = context
        workers = context.service_workers
        self.worker = workers[0] if workers else context.wait_for_event("serviceworker", timeout=15_000)
        self.id = self.worker.url.split("/")[2]

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
def launched(profile: Path, site: Site, server: str) -> Iterator[Chromium]:
    """A fresh Chromium whose extension uses the server at that address."""
    program = shutil.which("chromium") or shutil.which("chromium-browser")
    require("chromium", program is not None)
    names = ("soundcloud.com", "www.soundcloud.com", "other.example")
    hosts = ",".join(f"MAP {name} 127.0.0.1:{site.port}" for name in names)
    with sync_playwright() as playwright:
        context = playwright.chromium.launch_persistent_context(
            str(profile),
            executable_path=program,
            headless=True,
            ignore_https_errors=True,
            args=[
                *QUIET,
                f"--disable-extensions-except={EXTENSION}",
                f"--load-extension={EXTENSION}",
                f"--host-resolver-rules={hosts},MAP * ~NOTFOUND,EXCLUDE 127.0.0.1",
            ],
        )
        made = Chromium(context)
        assert "platforms are watched" in made.use_server(server)
        yield made
        context.close()


@pytest.fixture
def chromium(tmp_path: Path, site: Site, api: Api) -> Iterator[Chromium]:
    """A fresh Chromium that uses the test's server."""
    with launched(tmp_path / "profile", site, api.url) as made:
        made.api = api
        yield made


def picture(page: Page, name: str) -> None:
    """A screenshot for people to look at."""
    ARTIFACTS.mkdir(exist_ok=True)
    page.screenshot(path=str(ARTIFACTS / f"{name}.png"))
