"""Small files that every site has: robots.txt and the picture in the tab."""

from __future__ import annotations

from flask import Blueprint, Response

_ROBOTS = "User-agent: *\nAllow: /\n"


def register(blueprint: Blueprint) -> None:
    """Adds the files."""
    blueprint.add_url_rule("/robots.txt", "robots", robots)
    blueprint.add_url_rule("/favicon.svg", "favicon", lambda: blueprint.send_static_file("favicon.svg"))


def robots() -> Response:
    """Everybody may read everything."""
    response = Response(_ROBOTS, mimetype="text/plain")
    response.headers["Cache-Control"] = "public, max-age=86400"
    return response
