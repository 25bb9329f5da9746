"""The operator's pages in a real Chromium on a phone: hostile words stay words, nothing scrolls sideways, axe-core."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from dataclasses import replace

import pytest
from playwright.sync_api import Browser, Page
from werkzeug.serving import make_server

from server import settings
from server.store import alarms, changes, outbox, session, sources, suggestions
from server.store.tables import ChangeRow
from server.web.app import create_app
from tests import databases
from tests.web.conftest import a_story
from tests.web.pages.test_accessible import ARTIFACTS, PHONE, axe, browser, violations

__all__ = ["axe", "browser"]
pytestmark = pytest.mark.e2e
PASSWORD = "a long and honest password"
EVIL = "\"'><script>alert(1)</script><img src=x onerror=alert(2)>{{7777*7777}}" + "x" * 120
PAGES = ["", "review", "sources", "suggestions", "broadcast", "queue", "audit"]


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The story with hostile words wherever strangers write, served on loopback."""
    engine = session.open_engine(databases.sqlite(tmp_path_factory.mktemp("operator") / "story.db"))
    here = a_story(engine)
    now = here.clock.now()
    with here.write() as opened:
        row = sources.find(opened, "page:soundcloud/terms")
        assert row is not None
        row.cause, row.broken_since, row.url = EVIL, now, "javascript:alert(3)"
        suggestions.add(opened, EVIL, now)
        outbox.draft(opened, "evil", EVIL, now)
        alarms.add(opened, "process/worker", EVIL, now, now)
        change = opened.get_one(ChangeRow, 1)
        change.explanation, change.quote_after, change.state = EVIL, EVIL, changes.HELD
    config = settings.read({"CLAUSEWATCH_OPERATOR_PASSWORD": PASSWORD, "SECRET_KEY": "k" * 20})
    server = make_server("127.0.0.1", 0, create_app(replace(here, settings=config)), threaded=True)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}/operator"
    server.shutdown()
    server.server_close()
    engine.dispose()


@pytest.fixture(scope="module", params=["light", "dark"])
def page(request: pytest.FixtureRequest, browser: Browser, address: str) -> Iterator[Page]:
    """A phone on which the operator has logged in."""
    size = {"width": PHONE, "height": 800}
    context = browser.new_context(viewport=size, color_scheme=request.param, bypass_csp=True)
    made = context.new_page()
    made.on("dialog", lambda dialog: pytest.fail(f"a script ran: {dialog.message}"))
    made.goto(address)
    made.get_by_label("Password").fill(PASSWORD)
    made.get_by_role("button", name="Log in").click()
    made.wait_for_url(address)
    yield made
    context.close()


@pytest.mark.parametrize("path", PAGES)
def test_a_page_is_accessible_fits_and_runs_nothing(page: Page, address: str, axe: str, path: str) -> None:
    page.goto(f"{address}/{path}".rstrip("/"))
    assert page.evaluate("document.documentElement.scrollWidth") <= PHONE
    assert page.locator("main script, main img, a[href^='javascript:']").count() == 0
    assert "60481729" not in page.locator("main").inner_text(), "a template ran"
    ARTIFACTS.mkdir(exist_ok=True)
    theme = page.evaluate("matchMedia('(prefers-color-scheme: dark)').matches ? 'dark' : 'light'")
    page.screenshot(path=str(ARTIFACTS / f"operator-{path or 'overview'}-phone-{theme}.png"), full_page=True)
    assert violations(page, axe) == []


def test_a_wrong_password_is_told_accessibly(browser: Browser, address: str, axe: str) -> None:
    context = browser.new_context(viewport={"width": PHONE, "height": 800}, bypass_csp=True)
    page = context.new_page()
    page.goto(f"{address}/login")
    page.get_by_label("Password").fill("guess")
    page.get_by_role("button", name="Log in").click()
    assert page.locator("#password").get_attribute("aria-invalid") == "true"
    assert violations(page, axe) == []
    context.close()
