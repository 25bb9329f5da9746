"""One meaning in many grammars: each way to put a rule, with every material and all kinds of models."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator
from itertools import product
from pathlib import Path

import pytest

from server.core.clauses import cut
from server.core.reading import read

FRAMES = tomllib.loads(Path(__file__).with_name("frames.toml").read_text(encoding="utf-8"))


def frames() -> Iterator[tuple[str, str, str]]:
    """Each frame with its field and value."""
    for field in ("training", "sharing"):
        for value, texts in FRAMES[field].items():
            yield from ((field, value, text) for text in texts)


def filled(frame: str) -> Iterator[str]:
    """The frame with each material, beside three kinds of models each, in it."""
    materials, models = FRAMES["materials"], FRAMES["models"]
    for turn, (n, (material, verb)) in product(range(3), enumerate(materials)):
        text = frame.replace("<it's>", f"{material} {verb}").replace("<it>", material)
        text = text.replace("<models>", models[(n + turn) % len(models)])
        yield text[0].upper() + text[1:]


@pytest.mark.parametrize(("field", "value", "frame"), list(frames()))
def test_a_frame_means_the_same_with_everything_in_it(field: str, value: str, frame: str) -> None:
    around = "We care about those who create.\n\n{}\n\nWrite to us when something is wrong."
    misread = [text for text in filled(frame) if getattr(read(cut(around.format(text))), field) != value]
    assert misread == []
