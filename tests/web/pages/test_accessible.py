"""Each public page in a real Chromium: axe-core in light and dark, no scrolling sideways, pictures to look at."""

from __future__ import annotations

import shutil
import threading
from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, Response, sync_playwright
from werkzeug.serving import make_server

from server.store import session
from server.web.app import create_app
from tests import databases
from tests.conftest import ROOT, require
from tests.web.conftest import a_story
from tests.web.pages.test_pages import PAGES

pytestmark = pytest.mark.e2e
ARTIFACTS = ROOT / "artifacts"
AXE = ROOT / "tests" / "extension" / "node_modules" / "axe-core" / "axe.min.js"
ALL = [*PAGES, "/?q=nothing-like-it", "/suggest?host=new.example", "/no-such-page", "/changes?cursor=nonsense"]
PHONE, DESKTOP = 360, 1280
LARGEST = 100_000
"""Bytes of a page with its style, without pictures."""


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The story, served on loopback."""
    engine = session.open_engine(databases.sqlite(tmp_path_factory.mktemp("pages") / "story.db"))
    server = make_server("127.0.0.1", 0, create_app(a_story(engine)), threaded=True)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    server.server_close()
    engine.dispose()


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """A Chromium."""
    program = shutil.which("chromium") or shutil.which("chromium-browser")
    require("chromium", program is not None)
    with sync_playwright() as playwright:
        made = playwright.chromium.launch(executable_path=program, args=["--no-sandbox", "--disable-gpu"])
        yield made
        made.close()


@pytest.fixture(scope="module")
def axe() -> str:
    """The program of axe-core."""
    require("axe-core (npm install in tests/extension)", AXE.is_file())
    return AXE.read_text(encoding="utf-8")


def violations(page: Page, axe: str) -> list[Any]:
    """What axe-core finds by WCAG 2.2 A and AA and its best practices, each with the elements concerned."""
    page.evaluate(axe)
    found: list[Any] = page.evaluate(
        "async () => (await axe.run()).violations"
        ".map(({id, nodes}) => [id, nodes.map((n) => n.target.flat().join(' ') + ': ' + n.failureSummary)])"
    )
    return found


def opened(browser: Browser, url: str, theme: str = "light") -> Page:
    """The page on a phone. It asks nobody but our server, and for little."""
    context = browser.new_context(viewport={"width": PHONE, "height": 800}, color_scheme=theme, bypass_csp=True)
    page = context.new_page()
    asked: list[str] = []
    answers: list[Response] = []
    page.on("request", lambda request: asked.append(request.url))
    page.on("response", lambda answer: answers.append(answer))
    page.goto(url)
    base = "/".join(url.split("/")[:3]) + "/"
    assert [each for each in asked if not each.startswith((base, "data:"))] == []
    assert 0 < sum(len(each.body()) for each in answers) <= LARGEST
    return page


def name_of(path: str) -> str:
    """A file name for a picture."""
    return path.strip("/").replace("/", "-").replace("?", "-").replace("=", "-") or "start"


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("path", ALL)
def test_a_page_is_accessible_light_and_fits(browser: Browser, address: str, axe: str, path: str, theme: str) -> None:
    page = opened(browser, address + path, theme)
    assert violations(page, axe) == []
    ARTIFACTS.mkdir(exist_ok=True)
    for device, width in (("phone", PHONE), ("desktop", DESKTOP)):
        page.set_viewport_size({"width": width, "height": 800})
        assert page.evaluate("document.documentElement.scrollWidth") <= width, device
        page.screenshot(path=str(ARTIFACTS / f"page-{name_of(path)}-{device}-{theme}.png"), full_page=True)
    page.context.close()


def test_a_refused_form_is_accessible(browser: Browser, address: str, axe: str) -> None:
    page = opened(browser, f"{address}/suggest?url=http://10.0.0.1/")
    page.get_by_role("button", name="Suggest").click()
    assert page.locator("#url").get_attribute("aria-invalid") == "true"
    assert violations(page, axe) == []
    page.screenshot(path=str(ARTIFACTS / "page-suggest-refused-phone-light.png"))
    page.context.close()


def test_axe_would_find_something(browser: Browser, address: str, axe: str) -> None:
    page = opened(browser, address)
    page.evaluate("document.querySelector('main').append(document.createElement('input'))")
    assert [name for name, _ in violations(page, axe)] == ["label"]
    page.context.close()
