"""What all pages share: the blueprint, the words that templates may use, and answers that a CDN can keep."""

from __future__ import annotations

from hashlib import sha256
from pathlib import Path
from typing import Any

from flask import Blueprint, Flask, Response, render_template, request
from jinja2 import StrictUndefined

from server.core.model import Stance
from server.web import badges
from server.web.api.registry import FRESH
from server.web.context import context
from server.web.pages import words

HERE = Path(__file__).parent
STYLE = sha256((HERE / "static" / "style.css").read_bytes()).hexdigest()[:12]
"""In the style sheet's address, so that it may be kept for a year."""


YEAR, SHORT = 31_536_000, 300
"""Seconds that caches may keep a file: the one whose address says which version it is, and any other."""


class Pages(Blueprint):
    """A blueprint with files."""

    def get_send_file_max_age(self, filename: str | None) -> int:
        """While servers are renewed a page of one may ask another for its style sheet: nobody keeps the wrong one."""
        return YEAR if request.args.get("v") == STYLE else SHORT


def make_blueprint() -> Blueprint:
    """An empty blueprint with this folder's templates and files."""
    return Pages("pages", __name__, template_folder="templates", static_folder="static", static_url_path="/static")


def prepare(app: Flask) -> None:
    """Gives the templates their words; a name that a template misspells is an error, not a blank."""
    env = app.jinja_env
    env.undefined = StrictUndefined
    env.trim_blocks = env.lstrip_blocks = True
    env.filters |= {"day": words.day, "minute": words.minute, "quiet": words.quiet}
    env.filters["stance"] = lambda value: words.STANCES[Stance(value)]
    env.tests["web"] = words.is_web
    env.globals |= {
        "shape": badges.shape,
        "style": STYLE,
        "directions": words.DIRECTIONS,
        "kinds": words.KINDS,
        "subjects": words.SUBJECTS,
        "categories": words.CATEGORIES,
    }


def page(template: str, *, cache: str = FRESH, about: str = "", **values: Any) -> Response:
    """The page with a strong ETag; 304 when the reader has it. `about`: the one platform it shows, for CDNs."""
    here = context()
    address = f"{here.public_url}{request.path}"
    body = render_template(template, public_url=here.public_url, address=address, **values).encode()
    response = Response(body, mimetype="text/html")
    response.set_etag(sha256(body).hexdigest()[:32])
    response.headers["Cache-Control"] = cache
    if about:
        response.headers["Surrogate-Key"] = f"all {about}"
    return response.make_conditional(request.environ)  # type: ignore[return-value]
