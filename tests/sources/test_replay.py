"""Recorded policies as pages that differ in every request: their text must not, and every word must come back."""

from __future__ import annotations

import html
import json
import os
import re
import subprocess
import sys
import urllib.request
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest

from server.core.errors import Incomplete, ServerTrouble, SourceError
from server.core.extract import extract
from server.core.model import CaptureKind, Document
from server.sources.http import Validators, Web
from server.sources.pages import fetch_document
from server.sources.spacing import NoSpacing

SHARED = Path(os.environ.get("CLAUSEWATCH_SHARED") or Path(__file__).parents[3] / "shared")
RIG, BUNDLES = SHARED / "tools" / "replay" / "replay.py", sorted((SHARED / "corpus" / "bundles").glob("*.bundle"))
SERVICES = "SoundCloud,Zoom,Reddit,Spotify,WeTransfer,Google Play,Kivra,Snapchat"
BODY = re.compile(
    r'(?s)(?:<article class="legal">|<div class="rich-text">|<section class="policy-body">)(.*)'
    r"(?:</article></main>|</div></div>|</section></div>)\s*<footer"
)
WORD = re.compile(r"[^\W_]+")

pytestmark = pytest.mark.skipif(not RIG.exists() or not BUNDLES, reason="needs the shared replay rig and its histories")


@pytest.fixture(scope="module")
def rig() -> Iterator[str]:
    """The rig's address, with noise in every page."""
    data = [part for bundle in BUNDLES for part in ("--data", str(bundle))]
    command = [sys.executable, str(RIG), *data, "--noise", "--port", "0", "--services", SERVICES]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        yield process.stdout.readline().split()[-1].rstrip("/")
        process.terminate()


def ask(url: str, data: object = None) -> bytes:
    """Speaks to the rig's own endpoints."""
    body = None if data is None else json.dumps(data).encode()
    request = urllib.request.Request(url, data=body, method="GET" if body is None else "PUT")
    with urllib.request.urlopen(request, timeout=30) as answer:
        return bytes(answer.read())


def pages(rig: str) -> list[str]:
    """Addresses of all live pages."""
    return [page["live"] if "://" in page["live"] else rig + page["live"] for page in json.loads(ask(rig + "/_pages"))]


def letters(text: str) -> Counter[str]:
    """The letters of a text's words: how words are cut at mark-up does not count."""
    return Counter("".join(WORD.findall(text)))


def test_noise_never_changes_a_text_and_no_word_is_lost_or_added(rig: str) -> None:
    looked_at = 0
    for url in pages(rig):
        first, second = ask(url), ask(url)
        assert first != second
        found = extract(first, "text/html")
        assert found.text == extract(second, "text/html").text, url
        policy = BODY.search(first.decode())
        assert policy is not None, url
        assert letters(found.text) == letters(html.unescape(re.sub(r"(?s)<[^>]*>", " ", policy.group(1)))), url
        looked_at += 1
    assert looked_at >= 8


FAULTS: list[tuple[str, dict[str, object], type[SourceError] | CaptureKind]] = [
    ("cookie_wall", {}, CaptureKind.WALL),
    ("truncate", {}, Incomplete),
    ("503", {"retry_after": 120}, ServerTrouble),
    ("redirect_loop", {}, SourceError),
    ("reset", {}, SourceError),
    ("huge", {}, SourceError),
    ("gzip_bomb", {}, SourceError),
]


@pytest.mark.parametrize(("fault", "options", "outcome"), FAULTS, ids=[fault for fault, _, _ in FAULTS])
def test_faults_are_named_and_the_page_is_well_afterwards(
    rig: str, fault: str, options: dict[str, object], outcome: type[SourceError] | CaptureKind
) -> None:
    url = next(page for page in pages(rig) if "soundcloud.com/terms" in page)
    document = Document("soundcloud", "terms", "Terms of Service", (url,))
    web = Web(user_agent="Clausewatch/test (+https://watch.example)", allow_private=True)
    web.robots(url)
    rule = {"match": "/live/soundcloud.com/", "kind": fault, "times": 50 if fault == "redirect_loop" else 2}
    ask(rig + "/_faults", [rule | options])
    try:
        if isinstance(outcome, CaptureKind):
            assert fetch_document(web, NoSpacing(), document, Validators()).kind is outcome
        else:
            with pytest.raises(outcome):
                fetch_document(web, NoSpacing(), document, Validators())
    finally:
        ask(rig + "/_faults", [])
    assert fetch_document(web, NoSpacing(), document, Validators()).kind is CaptureKind.POLICY
