"""Open Graph cards: what a link to a platform or a change looks like in a chat (PNG, 1200 by 630)."""

from __future__ import annotations

import io
from functools import lru_cache
from hashlib import sha256
from unicodedata import combining, normalize

from flask import Blueprint, Response, abort, request
from PIL import Image, ImageDraw, ImageFont

from server.flows.lookup import look_up
from server.store import changes
from server.web.api.registry import FRESH
from server.web.badges import COLOURS
from server.web.context import context
from server.web.pages import words

WIDTH, HEIGHT, MARGIN = 1200, 630, 80
PAPER, INK, SOFT = "#fbfaf6", "#1d1c1a", "#5b5954"
_DIRECTION_COLOURS = {"worse": "#a3201b", "better": "#1c6a3c", "neutral": "#5b5b57"}


def register(blueprint: Blueprint) -> None:
    """Adds the pictures."""
    blueprint.add_url_rule("/cards/platforms/<id>.png", "platform_card", platform_card)
    blueprint.add_url_rule("/cards/changes/<int:id>.png", "change_card", change_card)


def platform_card(id: str) -> Response:
    """The card of a platform."""
    here = context()
    known = here.catalogue.platform(id)
    with here.read() as session:
        badge = look_up(session, known, here.clock.now(), here.settings.stale_after).status.badge
    name = drawable(known.name) or known.hosts[0]
    sentence = badge.sentence.replace(known.name, name)
    return _answer(card(name, sentence, badge.label, COLOURS[badge.state], badge.shape))


def change_card(id: int) -> Response:
    """The card of a change."""
    here = context()
    with here.read() as session:
        row = changes.get(session, id) if id < 2**31 else None
        if row is None or row.state != changes.PUBLISHED:
            abort(404, f"There is no change {id}.")
        known = here.catalogue.platforms.get(row.platform)
        told = f"{words.day(row.happened_to)}, {words.DIRECTIONS[row.direction]}" + (", quiet" if row.quiet else "")
        name = (drawable(known.name) or known.hosts[0]) if known else row.platform
        said = row.explanation or "The wording changed."
        response = _answer(card(name, said, told, _DIRECTION_COLOURS[row.direction], ""))
        response.headers["Surrogate-Key"] = f"all {row.platform}"
        return response


_ALIKE = str.maketrans({"–": "-", "—": "-", "ß": "ss", "æ": "ae", "Æ": "Ae", "ø": "o", "Ø": "O", "ł": "l", "Ł": "L"})
"""What NFKD does not take apart."""


def drawable(text: str) -> str:
    """The text in letters that the font has: accents go, as e for é. Empty when it is in another script altogether."""
    plain = "".join(each for each in normalize("NFKD", text.translate(_ALIKE)) if not combining(each))
    kept = "".join(each for each in plain if each.isspace() or _has(each))
    return kept if any(each.isalnum() for each in kept) else ""


@lru_cache(maxsize=4096)
def _has(letter: str) -> bool:
    """Whether the font draws the letter; else it draws the same box for all."""
    font = _font(34)
    return bytes(font.getmask(letter)) != bytes(font.getmask("\ufffe"))


def _answer(body: bytes) -> Response:
    response = Response(body, mimetype="image/png")
    response.set_etag(sha256(body).hexdigest()[:32])
    response.headers["Cache-Control"] = FRESH
    response.headers["Cross-Origin-Resource-Policy"] = "cross-origin"
    return response.make_conditional(request.environ)  # type: ignore[return-value]


@lru_cache(maxsize=256)
def card(name: str, sentence: str, foot: str, colour: str, shape: str) -> bytes:
    """A card as PNG: the name, a sentence, a line below, and the badge's shape when there is one."""
    name, sentence, foot = drawable(name), drawable(sentence), drawable(foot)
    picture = Image.new("RGB", (WIDTH, HEIGHT), PAPER)
    draw = ImageDraw.Draw(picture)
    draw.rectangle((0, 0, 24, HEIGHT), fill=colour)
    draw.text((MARGIN, 70), _fitting(name, _font(44), WIDTH - 2 * MARGIN), INK, _font(44))
    top = 160
    for line in _lines(sentence, _font(58), WIDTH - 2 * MARGIN, 4):
        draw.text((MARGIN, top), line, INK, _font(58))
        top += 76
    left = MARGIN
    if shape:
        draw_shape(draw, shape, (MARGIN, 498, MARGIN + 56, 554), colour)
        left += 80
    draw.text((left, 508), _fitting(foot, _font(34), WIDTH - MARGIN - left - 230), colour, _font(34))
    draw.text((WIDTH - MARGIN, 552), "Clausewatch", SOFT, _font(30), anchor="rs")
    kept = io.BytesIO()
    picture.quantize(64).save(kept, "PNG", optimize=True)
    return kept.getvalue()


def draw_shape(draw: ImageDraw.ImageDraw, shape: str, box: tuple[int, int, int, int], colour: str) -> None:
    """The badge's shape within `box`, as in server.web.badges."""
    left, top, right, bottom = box
    middle, half = (left + right) / 2, (top + bottom) / 2
    match shape:
        case "triangle":
            draw.polygon([(middle, top), (right, bottom), (left, bottom)], fill=colour)
        case "diamond":
            draw.polygon([(middle, top), (right, half), (middle, bottom), (left, half)], fill=colour)
        case "circle":
            draw.ellipse(box, fill=colour)
        case "square":
            draw.rectangle(box, fill=colour)
        case "bar":
            draw.rectangle((left, half - 9, right, half + 9), fill=colour)
        case _:
            for angle in range(0, 360, 45):
                draw.arc(box, angle, angle + 22, fill=colour, width=8)


@lru_cache(maxsize=8)
def _font(size: int) -> ImageFont.FreeTypeFont | ImageFont.ImageFont:
    return ImageFont.load_default(size)


def _lines(text: str, font: ImageFont.FreeTypeFont | ImageFont.ImageFont, width: int, most: int) -> list[str]:
    """The text in lines of at most `width` pixels; what does not fit ends in an ellipsis."""
    lines: list[str] = [""]
    for word in text.split():
        longer = f"{lines[-1]} {word}".strip()
        if font.getlength(longer) <= width or not lines[-1]:
            lines[-1] = longer
        else:
            lines.append(word)
    kept = [_fitting(line, font, width) for line in lines[:most]]
    if len(lines) > most:
        kept[-1] = _fitting(kept[-1] + " " + lines[most], font, width)
    return kept


def _fitting(text: str, font: ImageFont.FreeTypeFont | ImageFont.ImageFont, width: int) -> str:
    text = " ".join(text[:400].split())
    if font.getlength(text) <= width:
        return text
    while text and font.getlength(text + "...") > width:
        text = text[:-1]
    return text.rstrip() + "..."
