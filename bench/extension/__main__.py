"""What the extension costs a page, and how fast its popup is: `python -m bench.extension [--loads N]`.

Loads the same track page in a real Chromium in turns from a host with the badge and from one without, and sums the
processor time of the page's main thread (a trace of the browser itself): script, style, layout, paint. The least of
many loads is compared, since whatever else the machine does only adds. The same with emptied scripts tells what the
browser takes for any script of an extension, and with a bare line of text what it takes for anything to be seen of one.
Then opens the popup on a warm server: gunicorn, as in production.
"""

from __future__ import annotations

import argparse
import json
import random
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from playwright.sync_api import Page, expect

from tests.conftest import ROOT
from tests.extension.conftest import EXTENSION, Chromium, launched
from tests.extension.world import Site, free_port

SETTLED = 700
"""Milliseconds after which a page has come to rest."""

WATCH = """
window.begun = () => performance.getEntriesByType('navigation')[0].domInteractive;
new MutationObserver(() => {
  if (document.querySelector('main h1')) window.shown ??= performance.now();
  if (document.querySelector('main[aria-busy=false]')) window.answered ??= performance.now();
}).observe(document, {subtree: true, childList: true, attributes: true});
"""

FLOORS = {
    "emptied scripts": "",
    "a bare line of text": """
        requestAnimationFrame(() => {
          const line = document.createElement('div');
          line.style.cssText = 'position: fixed; top: 46px; right: 16px; background: #fff; font: 12px system-ui';
          line.textContent = 'YES The terms allow AI training';
          document.documentElement.append(line);
        });
    """,
}
"""What content scripts may do instead of ours: nothing, and the least that can be seen."""

Events = list[dict[str, Any]]


def main_thread(events: Events) -> float:
    """Milliseconds of processor time of the main thread that parsed most: the page's own."""
    threads = {
        (each["pid"], each["tid"])
        for each in events
        if each["name"] == "thread_name" and each["args"]["name"] == "CrRendererMain"
    }
    spans = [each for each in events if each.get("ph") == "X" and (each["pid"], each["tid"]) in threads]
    parsed = [each["pid"] for each in spans if each["name"] == "ParseHTML"]
    pid = statistics.mode(parsed)
    return (
        sum(e.get("tdur", 0) for e in spans if e["pid"] == pid and e["name"] == "ThreadControllerImpl::RunTask") / 1000
    )


def page_loads(chromium: Chromium, loads: int) -> None:
    """Prints what the badge adds to a load."""
    hosts = {"with": "soundcloud.com", "without": "other.example"}
    pages = {name: chromium.context.new_page() for name in hosts}
    found: dict[str, list[float]] = {name: [] for name in hosts}
    for name, page in pages.items():
        page.goto(f"https://{hosts[name]}/artist/track")
    for _ in range(loads):
        for name, page in random.sample(list(pages.items()), len(pages)):  # neither always comes first
            page.bring_to_front()
            page.wait_for_timeout(SETTLED)
            found[name].append(main_thread(reloaded(page)))
    for of, how in ((min, "least"), (statistics.median, "median")):
        with_it, without = of(found["with"]), of(found["without"])
        print(
            f"main thread, {how}: {with_it:.1f} ms with, {without:.1f} ms without: {with_it - without:+.1f} ms a load"
        )
    pairs = statistics.median(a - b for a, b in zip(found["with"], found["without"], strict=True))
    print(f"main thread, median of pairs: {pairs:+.1f} ms a load")
    print(f"layout shift: {pages['with'].evaluate('window.shifts')}")
    assert pages["without"].locator("clausewatch-badge").count() == 0


def reloaded(page: Page) -> Events:
    """What the browser does while the page is loaded anew and comes to rest."""
    events: Events = []
    done: list[bool] = []
    devtools = page.context.new_cdp_session(page)
    devtools.on("Tracing.dataCollected", lambda told: events.extend(told["value"]))
    devtools.on("Tracing.tracingComplete", lambda _: done.append(True))
    categories = {"includedCategories": ["toplevel", "devtools.timeline"]}
    devtools.send("Tracing.start", {"traceConfig": categories, "transferMode": "ReportEvents"})
    page.reload()
    page.wait_for_timeout(SETTLED)
    devtools.send("Tracing.end")
    while not done:
        page.wait_for_timeout(50)
    devtools.detach()
    return events


def popups(chromium: Chromium, times: int) -> None:
    """Prints how long an opened popup takes to something to read, and to the server's answer."""
    chromium.context.add_init_script(WATCH)
    found = []
    for _ in range(times + 1):
        page = chromium.popup()
        expect(page.locator("main")).to_have_attribute("aria-busy", "false")
        found.append(page.evaluate("[window.begun(), window.shown, window.answered]"))
        page.close()
    for at, what in ((1, "something to read"), (2, "the server's answer")):
        times_of = [each[at] - each[0] for each in found[1:]]
        print(f"popup, {what}: median {statistics.median(times_of):.0f} ms, worst {max(times_of):.0f} ms")


@contextmanager
def warm_server(folder: Path) -> Iterator[str]:
    """The address of the web process, which has answered once."""
    url = f"http://127.0.0.1:{(port := free_port())}"
    program = f"bench.extension.story:app({str(folder)!r})"
    command = [sys.executable, "-m", "gunicorn", program, "--bind", f"127.0.0.1:{port}", "--log-level", "error"]
    process = subprocess.Popen([*command, "--worker-class", "gthread", "--threads", "4"], cwd=ROOT)
    try:
        while process.poll() is None:
            try:
                urllib.request.urlopen(f"{url}/v1/lookup?host=soundcloud.com").close()
                break
            except OSError:
                time.sleep(0.1)
        yield url
    finally:
        process.terminate()
        process.wait()


def reduced(folder: Path, source: str) -> Path:
    """A copy of the extension in `folder` whose content scripts are but that."""
    copy = shutil.copytree(EXTENSION, folder)
    for script in (copy / "content").rglob("*.js"):
        script.write_text("")
    first, *_ = json.loads((copy / "manifest.json").read_text())["content_scripts"][0]["js"]
    (copy / first).write_text(source)
    return copy


def main() -> None:
    """Runs it."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--loads", type=int, default=15)
    loads = parser.parse_args().loads
    with tempfile.TemporaryDirectory() as name, warm_server(folder := Path(name)) as url:
        site = Site()
        for what, source in FLOORS.items():
            print(f"{what}:")
            with launched(folder / f"{what} profile", site, url, reduced(folder / what, source)) as chromium:
                page_loads(chromium, loads)
        print("the extension:")
        with launched(folder / "profile", site, url) as chromium:
            page_loads(chromium, loads)
            popups(chromium, loads)
        site.close()


if __name__ == "__main__":
    main()
