"""The platforms that come with the project, read once in a test process: a hundred files take a while."""

from __future__ import annotations

from functools import cache

from server import catalogue
from server.catalogue import Catalogue


@cache
def platforms() -> Catalogue:
    """The catalogue without an overlay; nobody can change it."""
    return catalogue.load()
