"""docs/signals.md names every family, verdict and watched crawler, and no others."""

import re
from pathlib import Path

from server.core.signals import FAMILIES, Use, Verdict
from server.core.signals.crawlers import WATCHED

TEXT = (Path(__file__).resolve().parents[3] / "docs" / "signals.md").read_text(encoding="utf-8")


def test_every_family_has_a_heading() -> None:
    assert re.findall(r"^### `(.+)`$", TEXT, re.MULTILINE) == [family for names in FAMILIES for family in names]


def test_every_verdict_and_use_is_named() -> None:
    assert re.findall(r"^\| (\w+) \| ", TEXT, re.MULTILINE)[1:5] == list(Verdict)
    assert all(f"`{use}`" in TEXT for use in Use if use is not Use.NONE)


def test_every_watched_crawler_is_listed() -> None:
    listed = re.findall(r"^\| ([\w-]+) \| ", TEXT.partition("| token | operator |")[2], re.MULTILINE)
    assert listed == [crawler.token for crawler in WATCHED]
