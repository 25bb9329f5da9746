"""Headers that browsers obey, on every address that can be read; HSTS with https alone; no script, no inline style."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest
from flask import Flask
from flask.testing import FlaskClient

from server.web.app import create_app
from server.web.context import Context

PARTS = {
    "id": "soundcloud",
    "platform": "soundcloud",
    "filename": "style.css",
    "level": "material",
    "name": "changes.jsonl",
    "format": "atom",
}
WANTED = {
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "no-referrer",
}


def addresses(app: Flask) -> list[str]:
    """One address for each rule that can be read, and one that does not exist."""
    rules = [rule.rule for rule in app.url_map.iter_rules() if "GET" in (rule.methods or ())]
    filled = [re.sub(r"<int:\w+>", "1", rule) for rule in rules]
    return sorted(
        {re.sub(r"<(?:\w+:)?(\w+)>", lambda name: PARTS.get(name[1], "soundcloud"), path) for path in filled}
        | {"/no/such/page"}
    )


def test_every_answer_carries_them(client: FlaskClient, app: Flask) -> None:
    paths = addresses(app)
    assert len(paths) > 25
    for path in paths:
        answer = client.get(path, headers={"Accept": "text/html"})
        assert {name: answer.headers.get(name) for name in WANTED} == WANTED, path
        policy = answer.headers["Content-Security-Policy"]
        assert "default-src 'none'" in policy and "unsafe" not in policy and "frame-ancestors 'none'" in policy, path
        if answer.mimetype == "text/html":
            assert "<script" not in answer.text and " style=" not in answer.text and "javascript:" not in answer.text, (
                path
            )


@pytest.mark.parametrize(
    ("public_url", "asked_by", "sent"),
    [
        ("https://watch.example", "http://localhost", True),
        ("", "https://localhost", True),
        ("http://watch.example", "http://localhost", False),
        ("", "http://localhost", False),
    ],
)
def test_https_is_kept_to_where_there_is_https(context: Context, public_url: str, asked_by: str, sent: bool) -> None:
    here = replace(context, settings=replace(context.settings, public_url=public_url))
    answer = create_app(here).test_client().get("/healthz", base_url=asked_by)
    assert ("Strict-Transport-Security" in answer.headers) is sent
