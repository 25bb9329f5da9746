"""The badge as a picture: a shape and a letter for each state, readable without colour."""

from __future__ import annotations

from hashlib import sha256

from flask import Blueprint, Response, request
from markupsafe import Markup

from server.core.badge import Badge
from server.core.model import Stance
from server.flows.lookup import look_up
from server.web.api.registry import FRESH
from server.web.columns import columns
from server.web.context import context
from server.web.xml import legible

SHAPES = {
    "triangle": Markup('<path d="M12 2.5 23 21.5H1z"/>'),
    "diamond": Markup('<path d="M12 1 23 12 12 23 1 12z"/>'),
    "circle": Markup('<circle cx="12" cy="12" r="10.5"/>'),
    "square": Markup('<rect x="2" y="2" width="20" height="20" rx="1.5"/>'),
    "bar": Markup('<rect x="1" y="8.5" width="22" height="7" rx="1.5"/>'),
    "dotted": Markup(
        '<circle cx="12" cy="12" r="9.5" fill="none" stroke="currentColor" stroke-width="3" '
        'stroke-dasharray="3.2 4.26"/>'
    ),
}
"""Drawn in a box of 24 by 24; filled with the colour of the text around it, or with what the SVG says."""

COLOURS = {
    "permits": "#a3201b",
    "opt_out": "#8a4a00",
    "opt_in": "#1c5787",
    "prohibits": "#1c6a3c",
    "silent": "#5b5b57",
    "unknown": "#5b5b57",
}


def shape(name: str) -> Markup:
    """The shape as inline SVG for a page; its meaning stands beside it in words."""
    drawn = SHAPES[name]
    return Markup('<svg class="shape" viewBox="0 0 24 24" aria-hidden="true" focusable="false">{}</svg>').format(drawn)


def picture(name: str, badge: Badge) -> str:
    """The badge as an SVG document to put on any site: the platform's name, the shape and what it means."""
    old = badge.stale and badge.state != Stance.UNKNOWN  # what was never known is not out of date
    said = f"{badge.label} (not checked lately)" if old else badge.label
    left, right = 44 + _width(name, 6.9), 16 + _width(said, 6.6)
    return str(
        Markup(
            '<svg xmlns="http://www.w3.org/2000/svg" width="{total}" height="28" role="img" aria-label="{title}">'
            "<title>{title}</title>"
            '<rect width="{total}" height="28" rx="4" fill="#fffefa"/>'
            '<rect x="{left}" width="{right}" height="28" fill="{colour}"/>'
            '<rect x=".5" y=".5" width="{inner}" height="27" rx="3.5" fill="none" stroke="{colour}"/>'
            '<svg x="9" y="5" width="18" height="18" viewBox="0 0 24 24" fill="{colour}" color="{colour}">{shape}</svg>'
            '<g font-family="system-ui,Verdana,sans-serif" font-size="12">'
            '<text x="34" y="18" fill="#1d1c1a" font-weight="600" textLength="{name_length}">{name}</text>'
            '<text x="{said_at}" y="18" fill="#ffffff" textLength="{said_length}">{said}</text></g></svg>'
        ).format(
            total=left + right,
            inner=left + right - 1,
            left=left,
            right=right,
            colour=COLOURS[badge.state],
            shape=SHAPES[badge.shape],
            title=f"{name}: {said}",
            name=name,
            name_length=left - 44,
            said=said,
            said_at=left + 8,
            said_length=right - 16,
        )
    )


def _width(text: str, each: float) -> int:
    return round(columns(text) * each)


def register(blueprint: Blueprint) -> None:
    """Adds /badge/<platform>.svg."""
    blueprint.add_url_rule("/badge/<id>.svg", "badge", badge_picture)


def badge_picture(id: str) -> Response:
    """The badge to put on any site."""
    here = context()
    known = here.catalogue.platform(id)
    with here.read() as session:
        found = look_up(session, known, here.clock.now(), here.settings.stale_after)
    body = picture(legible(known.name), found.status.badge).encode()
    response = Response(body, mimetype="image/svg+xml")
    response.set_etag(sha256(body).hexdigest()[:32])
    response.headers["Cache-Control"] = FRESH
    response.headers["Cross-Origin-Resource-Policy"] = "cross-origin"
    return response.make_conditional(request.environ)  # type: ignore[return-value]
