"""Pages that scripts draw, rendered by an installed Chromium that never touches the network: `Web` fetches for it."""

from __future__ import annotations

import importlib.util
import shutil
import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

from server.core.errors import ClausewatchError, Deadline, NeedsBrowser, SourceError
from server.sources.http import CAP, DEADLINE, Response, Web

PROGRAMS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome")
REQUESTS = 150
"""Requests a page may make."""
_NOT_NEEDED = frozenset(("image", "media", "font", "websocket", "eventsource", "manifest", "ping"))
_QUIET = 0.6
"""Seconds without a request and without a change of the text after which a page counts as drawn."""
_ALONE = (
    "--host-resolver-rules=MAP * ~NOTFOUND",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-gpu",
    "--disable-quic",
    "--disable-sync",
    "--no-first-run",
)


@dataclass(frozen=True, slots=True)
class Browser:
    """An installed Chromium. `sandbox` is off where the process is root, as Chromium demands."""

    program: str
    sandbox: bool = True

    def render(self, web: Web, answer: Response, *, deadline: float = DEADLINE) -> Response:
        """The answer with the page's HTML as scripts drew it. Raises SourceError; everything loaded passes `web`."""
        from playwright.sync_api import Error, sync_playwright

        until = time.monotonic() + deadline
        args = list(_ALONE) if self.sandbox else [*_ALONE, "--no-sandbox"]
        try:
            with sync_playwright() as play:
                chromium = play.chromium.launch(executable_path=self.program, args=args, timeout=deadline * 1000)
                try:
                    page = chromium.new_context(user_agent=web.user_agent, service_workers="block").new_page()
                    loader = _Loader(web, answer, until)
                    page.route("**/*", loader.load)
                    html = _drawn(page, answer.final_url, loader, until)
                finally:
                    chromium.close()
        except Error as why:
            raise SourceError(f"{answer.url} could not be drawn ({_first_line(why)}).") from why
        return replace(answer, headers=_as_html(answer), body=html.encode("utf-8", "replace")[:CAP])


def find(*, root: bool, which: Callable[[str], str | None] = shutil.which) -> Browser | None:
    """The installed browser; None without Chromium or without the `browser` extra."""
    program = next((path for name in PROGRAMS if (path := which(name))), None)
    if program is None or importlib.util.find_spec("playwright") is None:
        return None
    return Browser(program, sandbox=not root)


def needed(browser: Browser | None, url: str) -> Browser:
    """The browser; NeedsBrowser with what to do when there is none."""
    if browser is None:
        raise NeedsBrowser(f"{url} draws its text with scripts; install Chromium and `clausewatch[browser]`.")
    return browser


class _Loader:
    """Answers what the page asks for: GETs through `web`, nothing else."""

    def __init__(self, web: Web, first: Response, until: float) -> None:
        self._web, self._first, self._until = web, first, until
        self._left = REQUESTS
        self.last = time.monotonic()

    def load(self, route: Any) -> None:
        """Answers one request of the page."""
        self.last = time.monotonic()
        request = route.request
        if request.is_navigation_request() and request.url.partition("#")[0] == self._first.final_url:
            route.fulfill(status=self._first.status, headers=dict(_safe(self._first)), body=self._first.body)
        elif self._refuses(request):
            route.abort()
        else:
            self._fetch(route)
        self.last = time.monotonic()

    def _refuses(self, request: Any) -> bool:
        self._left -= 1
        late = time.monotonic() > self._until
        return bool(late or self._left < 0 or request.method != "GET" or request.resource_type in _NOT_NEEDED)

    def _fetch(self, route: Any) -> None:
        try:
            left = max(self._until - time.monotonic(), 0.1)
            answer = self._web.get(route.request.url, deadline=min(left, 10.0), accept_errors=False)
        except ClausewatchError:
            route.abort()
        else:
            route.fulfill(status=answer.status, headers=dict(_safe(answer)), body=answer.body)


def _drawn(page: Any, url: str, loader: _Loader, until: float) -> str:
    """The page's HTML once its text stands still."""
    page.goto(url, wait_until="commit", timeout=_left(url, until))
    length = -1
    while time.monotonic() < until:
        page.wait_for_timeout(200)
        now = page.evaluate("document.body ? document.body.innerText.length : 0")
        if now == length and now > 0 and time.monotonic() - loader.last > _QUIET:
            break
        length = now
    return str(page.content())


def _left(url: str, until: float) -> float:
    left = until - time.monotonic()
    if left <= 0:
        raise Deadline(f"{url} was not drawn in time.")
    return left * 1000


def _safe(answer: Response) -> dict[str, str]:
    """Headers that still hold for the unpacked body, and that let the page read it."""
    kept = {name.lower(): value for name, value in answer.headers if name.lower() in ("content-type", "location")}
    return kept | {"access-control-allow-origin": "*"}


def _as_html(answer: Response) -> tuple[tuple[str, str], ...]:
    """The headers without validators: those speak of the empty shell, which stays the same when the text changes."""
    rest = tuple(pair for pair in answer.headers if pair[0].lower() not in ("content-type", "etag", "last-modified"))
    return (*rest, ("Content-Type", "text/html; charset=utf-8"))


def _first_line(why: Exception) -> str:
    return (str(why).splitlines() or [type(why).__name__])[0]
