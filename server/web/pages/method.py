"""/method: how the reading works, and how good it was when it was last measured."""

from __future__ import annotations

import json
from functools import cache
from typing import Any

from flask import Blueprint, Response
from pydantic import BaseModel, ConfigDict

from server.web.pages.site import HERE, page

FIGURES = HERE / "measured.json"


class Figure(BaseModel):
    """One measured number with what it was measured on."""

    model_config = ConfigDict(extra="forbid")

    what: str
    value: str
    on: str


class Measured(BaseModel):
    """What the benchmarks wrote: when, with which engine, and the figures."""

    model_config = ConfigDict(extra="forbid")

    date: str
    engine: str
    figures: list[Figure]


def register(blueprint: Blueprint) -> None:
    """Adds the page."""
    blueprint.add_url_rule("/method", "method", method)


def method() -> Response:
    """The method page."""
    return page("method.html", measured=measured())


@cache
def measured() -> Measured | None:
    """The figures shipped with this version; None when nothing was measured."""
    if not FIGURES.is_file():
        return None
    data: Any = json.loads(FIGURES.read_text(encoding="utf-8"))
    return Measured.model_validate(data)
