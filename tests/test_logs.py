"""Logs: one line an event with request and job, JSON or plain, and never a secret in any of them."""

from __future__ import annotations

import gzip
import json
import logging
import subprocess
import sys
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import pytest

from server import logs, settings
from server.core.redaction import Redactor
from server.core.secrets import webhook_secret
from server.web.request_id import RequestId
from tests.conftest import require

ROOT = Path(__file__).resolve().parent.parent
TOKEN = "123456:" + "T" * 35
SECRETS = {
    "TELEGRAM_BOT_TOKEN": TOKEN,
    "DATABASE_URL": "postgres://user:data%21base@127.0.0.1/d",
    "REDIS_URL": "rediss://:redispass@127.0.0.1/0",
    "SECRET_KEY": "the-key-of-sessions",
}
HIDDEN = [TOKEN, "T" * 35, "data%21base", "data!base", "redispass", "the-key-of-sessions", webhook_secret(TOKEN)]


@pytest.fixture(autouse=True)
def root_as_before() -> Iterator[None]:
    """Puts the root logger and the hooks back."""
    handlers, level, hooks = logging.root.handlers[:], logging.root.level, (sys.excepthook, threading.excepthook)
    yield
    logging.root.handlers[:], (sys.excepthook, threading.excepthook) = handlers, hooks
    logging.root.setLevel(level)


def begin(kind: str, **environ: str) -> None:
    logs.start(settings.read({"CLAUSEWATCH_LOG_FORMAT": kind, **environ}), "worker")


def test_a_line_of_json_names_process_job_and_request(capsys: pytest.CaptureFixture[str]) -> None:
    begin("json")
    with logs.bound(job="j1"), logs.bound(request="r1"):
        logging.getLogger("x").warning("said %s\nin two lines", "so")
    logging.getLogger("x").warning("alone")
    first, second = [json.loads(line) for line in capsys.readouterr().err.splitlines()]
    assert {
        "level": "warning",
        "process": "worker",
        "job": "j1",
        "request": "r1",
        "logger": "x",
    }.items() <= first.items()
    assert first["message"] == "said so\nin two lines"
    assert "job" not in second


def test_a_line_for_people(capsys: pytest.CaptureFixture[str]) -> None:
    begin("text")
    with logs.bound(job="j1"):
        logging.getLogger("x").warning("said")
    assert capsys.readouterr().err.rstrip().endswith("WARNING worker: said [job j1]")


def test_json_unless_a_person_looks(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    begin("auto")
    logging.getLogger("x").warning("to a file")
    assert json.loads(capsys.readouterr().err)["message"] == "to a file"
    monkeypatch.setattr(sys.stderr, "isatty", lambda: True)
    begin("auto")
    logging.getLogger("x").warning("to a person")
    assert capsys.readouterr().err.rstrip().endswith("worker: to a person")


@pytest.mark.parametrize("kind", ["json", "text"])
def test_secrets_are_never_logged(kind: str, capsys: pytest.CaptureFixture[str]) -> None:
    begin(kind, **SECRETS)
    found = settings.read(SECRETS)
    try:
        raise ValueError(f"cannot reach {found.database} nor {found.redis} with {found.secret_key}")
    except ValueError:
        logging.getLogger("x").exception("POST https://api.telegram.org/bot%s/getMe", TOKEN)
    logging.getLogger("x").warning("%s %s", SECRETS, webhook_secret(TOKEN))
    told = capsys.readouterr().err
    assert "Traceback" in told
    assert [secret for secret in HIDDEN if secret in told] == []


REDACTED = [
    ("redis://:short@host/0", "redis://…@host/0"),
    ("https://key@sentry.example/5", "https://…@sentry.example/5"),
    ("bot 987654321:AAFabcdefghijklmnopqrstuvwxyz012345 refused", "bot … refused"),
    ("write to you@example.org", "write to you@example.org"),
    ("https://example.org/a@b", "https://example.org/a@b"),
    ("at 12:30:45 on 2025-01-02", "at 12:30:45 on 2025-01-02"),
]


@pytest.mark.parametrize(("text", "shown"), REDACTED)
def test_what_looks_like_a_secret_is_hidden_and_a_look_alike_is_not(text: str, shown: str) -> None:
    assert Redactor().text(text) == shown


def test_an_error_that_nobody_catches_is_a_line_without_secrets() -> None:
    program = (
        "from server import logs, settings; c = settings.read(); logs.start(c, 'worker'); "
        "raise RuntimeError('with ' + c.secret_key)"
    )
    environ = {"PATH": "/usr/bin:/bin", "SECRET_KEY": SECRETS["SECRET_KEY"], "CLAUSEWATCH_LOG_FORMAT": "json"}
    done = subprocess.run([sys.executable, "-c", program], cwd=ROOT, env=environ, capture_output=True, text=True)
    line = json.loads(done.stderr)
    assert line["message"] == "uncaught: with …"
    assert SECRETS["SECRET_KEY"] not in done.stderr


@pytest.mark.parametrize(
    ("given", "kept"),
    [("abc-123", True), ("", False), ("two words", False), ('x"\n{"forged": 1}', False), ("y" * 200, False)],
)
def test_a_request_id_is_kept_or_made_and_given_back(
    given: str, kept: bool, capsys: pytest.CaptureFixture[str]
) -> None:
    begin("json", CLAUSEWATCH_LOG="debug")
    capsys.readouterr()

    def application(environ: dict[str, Any], start_response: Any) -> list[bytes]:
        logging.getLogger("x").warning("within")
        start_response("200 OK", [("Content-Type", "text/plain")])
        return [b""]

    told: dict[str, str] = {}
    environ = {"HTTP_X_REQUEST_ID": given, "REQUEST_METHOD": "GET", "PATH_INFO": "/p", "QUERY_STRING": "host=private"}
    RequestId(application)(environ, lambda status, headers: told.update(headers))
    assert (told["X-Request-ID"] == given) is kept
    assert len(told["X-Request-ID"]) >= 7
    lines = capsys.readouterr().err
    assert {json.loads(line)["request"] for line in lines.splitlines()} == {told["X-Request-ID"]}
    assert "private" not in lines, "what is looked up is not written down"


class Collector:
    """A Sentry server that keeps what it is sent."""

    def __init__(self) -> None:
        self.bodies: list[str] = []
        keep = self.bodies.append

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["Content-Length"]))
                if self.headers.get("Content-Encoding") == "gzip":
                    body = gzip.decompress(body)
                keep(body.decode(errors="replace"))
                self.send_response(200)
                self.end_headers()
                self.wfile.write(b"{}")

            def log_message(self, *args: Any) -> None:
                """Quiet."""

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.port = self.server.server_address[1]
        threading.Thread(target=self.server.serve_forever, daemon=True).start()


def test_sentry_gets_errors_without_secrets() -> None:
    require("sentry-sdk", find_spec("sentry_sdk") is not None)
    collector = Collector()
    program = (
        "import logging, sentry_sdk; from server import logs, settings; c = settings.read(); logs.start(c, 'worker')\n"
        "try: raise ValueError('in vain: ' + c.telegram_token)\n"
        "except ValueError: logging.getLogger('x').exception('trouble with %s', c.secret_key)\n"
        "sentry_sdk.flush(5)"
    )
    environ = {**SECRETS, "PATH": "/usr/bin:/bin", "SENTRY_DSN": f"http://publickey@127.0.0.1:{collector.port}/1"}
    subprocess.run([sys.executable, "-c", program], cwd=ROOT, env=environ, check=True, capture_output=True)
    collector.server.shutdown()
    told = "".join(collector.bodies).replace("\\u2026", "…")
    assert "in vain: …" in told
    assert [secret for secret in HIDDEN if secret in told] == []


def test_without_a_dsn_sentry_is_not_even_imported() -> None:
    program = (
        "import sys; from server import logs, settings; logs.start(settings.read(), 'web'); "
        "print([name for name in sys.modules if 'sentry' in name])"
    )
    done = subprocess.run(
        [sys.executable, "-c", program], cwd=ROOT, env={"PATH": "/usr/bin"}, capture_output=True, text=True, check=True
    )
    assert done.stdout.strip() == "[]"
