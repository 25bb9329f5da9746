"""A headless Firefox driven by WebDriver BiDi over a plain WebSocket: no driver program is needed."""

from __future__ import annotations

import base64
import itertools
import json
import shutil
import socket
import subprocess
import time
from contextlib import ExitStack
from pathlib import Path
from typing import Any

from websockets.sync.client import ClientConnection, connect

UUID = "0f0e0d0c-1111-4222-8333-444455556666"
ADDON = "clausewatch@clausewatch.invalid"


def program() -> str | None:
    """The Firefox of this machine."""
    return shutil.which("firefox-esr") or shutil.which("firefox")


class Firefox:
    """One Firefox with the extension installed for a while. Use it as a context manager."""

    def __init__(self, profile: Path, site_port: int, extension: Path) -> None:
        profile.mkdir()
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            self.port = int(probe.getsockname()[1])
        settings = {
            "network.dns.localDomains": "soundcloud.com,www.soundcloud.com,vimeo.com",
            "network.socket.forcePort": f"443={site_port}",
            "extensions.webextensions.uuids": json.dumps({ADDON: UUID}),
            "services.settings.server": "data:,#remote-settings-dummy/v1",
            "security.notification_enable_delay": 0,
            **dict.fromkeys(
                [
                    *("app.update.enabled", "browser.shell.checkDefaultBrowser", "app.normandy.enabled"),
                    *("datareporting.policy.dataSubmissionEnabled", "toolkit.telemetry.enabled"),
                    *("network.captive-portal-service.enabled", "network.connectivity-service.enabled"),
                    *("browser.safebrowsing.malware.enabled", "browser.safebrowsing.phishing.enabled"),
                    *("browser.aboutwelcome.enabled", "extensions.getAddons.cache.enabled"),
                ],
                False,
            ),
        }
        lines = [f"user_pref({json.dumps(name)}, {json.dumps(value)});\n" for name, value in settings.items()]
        (profile / "user.js").write_text("".join(lines))
        self.profile, self.extension = profile, extension
        self.ids = itertools.count(1)
        self.closing = ExitStack()

    def __enter__(self) -> Firefox:
        command = [str(program()), "--headless", "--no-remote", "--profile", str(self.profile)]
        command += [f"--remote-debugging-port={self.port}", "--remote-allow-system-access", "about:blank"]
        self.process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        self.socket = self._connect()
        self("session.new", capabilities={"alwaysMatch": {"acceptInsecureCerts": True}})
        self("webExtension.install", extensionData={"type": "path", "path": str(self.extension)})
        self.desk = next(iter(self.tabs()))
        self.open(f"moz-extension://{UUID}/icons/icon-16.png", self.desk)
        return self

    def __exit__(self, *_: object) -> None:
        self.closing.close()
        self.process.terminate()
        try:
            self.process.wait(15)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()

    def _connect(self) -> ClientConnection:
        for _ in range(600):
            try:
                opened = connect(f"ws://127.0.0.1:{self.port}/session", max_size=None, proxy=None)
                return self.closing.enter_context(opened)
            except OSError:
                time.sleep(0.05)
        raise AssertionError("Firefox does not listen")

    def __call__(self, method: str, **params: Any) -> Any:
        """One BiDi command."""
        number = next(self.ids)
        self.socket.send(json.dumps({"id": number, "method": method, "params": params}))
        while True:
            message = json.loads(self.socket.recv(timeout=60))
            if message.get("id") == number:
                assert message.get("type") != "error", f"{method}: {message.get('message')}"
                return message["result"]

    def tabs(self) -> dict[str, str]:
        """All open tabs, private ones among them, and what they show."""
        return {tab["context"]: tab["url"] for tab in self("browsingContext.getTree")["contexts"]}

    def reset(self, server: str) -> None:
        """No tab but the desk, and the extension as if just installed, with that server and its list."""
        for tab in self.tabs():
            if tab != self.desk:
                self("browsingContext.close", context=tab)
        told = "browser.storage.local.clear().then(() => browser.storage.local.set({settings: {version: 2, server}}))"
        told = f"(({{server}}) => {told}.then(() => browser.runtime.sendMessage({{kind: 'refresh'}})))"
        trouble = self.run(self.desk, f"{told}({json.dumps({'server': server})}).then((said) => said.trouble)")
        assert not trouble, trouble

    def open(self, url: str, context: str = "", beside: str = "") -> str:
        """A page in the tab given, or in a new one, in the window of the tab `beside`."""
        tab: str = (
            context or self("browsingContext.create", type="tab", referenceContext=beside or self.desk)["context"]
        )
        self("browsingContext.navigate", context=tab, url=url, wait="complete")
        return tab

    def own(self, path: str) -> str:
        """A page of the extension."""
        return self.open(f"moz-extension://{UUID}/{path}")

    def run(self, context: str, expression: str) -> Any:
        """The value of an expression in a page."""
        found = self("script.evaluate", expression=expression, target={"context": context}, awaitPromise=True)
        assert found["type"] == "success", found["exceptionDetails"]["text"]
        return found["result"].get("value")

    def wait(self, context: str, expression: str, seconds: float = 20) -> Any:
        """The first true value of an expression."""
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            if value := self.run(context, expression):
                return value
            time.sleep(0.1)
        raise AssertionError(f"waited {seconds} s for {expression}")

    def click(self, context: str, selector: str) -> None:
        """A press of the mouse on an element, as trusted as a person's."""
        self("browsingContext.activate", context=context)
        find = f"document.querySelector({json.dumps(selector)})"
        self.run(context, f"{find}.scrollIntoView({{block: 'center'}})")
        found = self("script.evaluate", expression=find, target={"context": context}, awaitPromise=False)["result"]
        on = {"type": "element", "element": {"sharedId": found["sharedId"]}}
        press = [{"type": "pointerDown", "button": 0}, {"type": "pointerUp", "button": 0}]
        move = {"type": "pointerMove", "x": 0, "y": 0, "origin": on}
        self(
            "input.performActions",
            context=context,
            actions=[{"type": "pointer", "id": "mouse", "actions": [move, *press]}],
        )

    def window(self) -> str:
        """The browser's own window, around the tabs."""
        window: str = self("browsingContext.getTree", **{"moz:scope": "chrome"})["contexts"][0]["context"]
        return window

    def decide(self, button: str) -> None:
        """Presses `button` or `secondaryButton` of the question that the browser asks about the extension."""
        question = "document.querySelector('#addon-webext-permissions-notification')"
        self.wait(self.window(), f"PopupNotifications.isPanelOpen && ({question}.{button}.click(), true)")

    def private(self, url: str) -> str:
        """A page in a private window."""
        self.run(self.window(), "void OpenBrowserWindow({private: true})")
        end = time.monotonic() + 20
        while not (found := [tab for tab, shown in self.tabs().items() if shown == "about:privatebrowsing"]):
            assert time.monotonic() < end, "no private window"
            time.sleep(0.1)
        return self.open(url, beside=found[0])  # not in the first tab, which the browser is still busy with

    def picture(self, context: str, file: Path) -> None:
        """A screenshot for people to look at."""
        file.parent.mkdir(exist_ok=True)
        file.write_bytes(base64.b64decode(self("browsingContext.captureScreenshot", context=context)["data"]))
