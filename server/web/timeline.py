"""A platform's years as a picture: what each document allowed, when it changed, what was said. Inline SVG."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from markupsafe import Markup

from server.web.columns import cut

WIDTH, LEFT, RIGHT, LANE, TOP = 860, 150, 12, 40, 26
_LETTERS = {"permits": "YES", "opt_out": "OUT", "opt_in": "ASK", "prohibits": "NO", "silent": "–", "unknown": "?"}


@dataclass(frozen=True, slots=True)
class Bar:
    """From `start` to `end` the document said this on training."""

    start: datetime
    end: datetime
    state: str


@dataclass(frozen=True, slots=True)
class Mark:
    """Something at a moment; known only to lie after `since` when that is given. `href` makes it a link."""

    at: datetime
    text: str
    kind: str
    since: datetime | None = None
    href: str = ""


@dataclass(frozen=True, slots=True)
class Lane:
    """One row of the picture."""

    name: str
    bars: tuple[Bar, ...] = ()
    marks: tuple[Mark, ...] = ()


def draw(lanes: Sequence[Lane], now: datetime) -> Markup:
    """The picture; empty when there is nothing to show. Everything in it stands in words on the page, too."""
    moments = [bar.start for lane in lanes for bar in lane.bars] + [mark.at for lane in lanes for mark in lane.marks]
    if not moments:
        return Markup("")
    scale = Scale(min(moments) - timedelta(days=20), now)
    height = TOP + LANE * len(lanes) + 8
    rows = Markup("").join(_lane(lane, TOP + LANE * at, scale) for at, lane in enumerate(lanes))
    return Markup(
        '<svg class="timeline" viewBox="0 0 {width} {height}" role="group" aria-label="{label}">{axis}{rows}</svg>'
    ).format(width=WIDTH, height=height, label=_label(lanes), axis=_axis(scale, height), rows=rows)


@dataclass(frozen=True, slots=True)
class Scale:
    """Moments to places on the picture."""

    begin: datetime
    end: datetime

    def x(self, moment: datetime) -> float:
        """Where a moment stands; outside the picture it sticks to the edge."""
        share = (moment - self.begin) / max(self.end - self.begin, timedelta(days=1))
        return round(LEFT + min(1.0, max(0.0, share)) * (WIDTH - LEFT - RIGHT), 1)


def _label(lanes: Sequence[Lane]) -> str:
    changes = sum(1 for lane in lanes for mark in lane.marks if mark.kind == "change")
    return f"Timeline: {', '.join(lane.name for lane in lanes)}; {changes} change{'' if changes == 1 else 's'}"


def _axis(scale: Scale, height: int) -> Markup:
    """A line and a number for each year, thinned out to at most a dozen."""
    first, last = scale.begin.year + 1, scale.end.year
    step = max(1, -(-(last - first + 1) // 12))
    line = Markup('<path class="year" d="M{x} 18V{height}"/><text class="axis" x="{x}" y="12">{year}</text>')
    years = range(first, last + 1, step)
    drawn = (line.format(x=scale.x(datetime(year, 1, 1, tzinfo=UTC)), height=height, year=year) for year in years)
    return Markup("").join(drawn) or Markup('<text class="axis" x="{}" y="12">{}</text>').format(LEFT + 16, last)


def _lane(lane: Lane, y: int, scale: Scale) -> Markup:
    name = Markup('<text class="lane" x="0" y="{}">{}</text>').format(y + 21, cut(lane.name, 19))
    bars = Markup("").join(_bar(bar, y, scale) for bar in lane.bars)
    return name + bars + _marks(lane.marks, y, scale)


def _bar(bar: Bar, y: int, scale: Scale) -> Markup:
    left, right = scale.x(bar.start), scale.x(bar.end)
    width = max(1.5, round(right - left, 1))
    drawn = Markup('<rect class="bar {}" x="{}" y="{}" width="{}" height="22"/>').format(bar.state, left, y + 5, width)
    if width < 34:
        return drawn
    letter = Markup('<text class="letter {}" x="{}" y="{}">{}</text>')
    return drawn + letter.format(bar.state, left + 7, y + 20, _LETTERS[bar.state])


def _marks(marks: Iterable[Mark], y: int, scale: Scale) -> Markup:
    return Markup("").join(_mark(mark, y, scale) for mark in marks)


def _mark(mark: Mark, y: int, scale: Scale) -> Markup:
    x = scale.x(mark.at)
    title = Markup("<title>{}</title>").format(mark.text)
    between = Markup("")
    if mark.since and (since := scale.x(mark.since)) < x - 1:
        between = Markup('<path class="between" d="M{} {}v6M{} {}H{}"/>').format(since, y + 28, since, y + 31, x)
    if mark.kind == "change":
        drawn = Markup('<path class="tick" d="M{} {}v32"/><rect class="hit" x="{}" y="{}" width="16" height="32"/>')
        shown = Markup('<g class="mark">{}{}{}</g>').format(title, between, drawn.format(x, y, x - 8, y))
    else:
        shown = Markup('<circle class="mark {}" cx="{}" cy="{}" r="6">{}</circle>').format(mark.kind, x, y + 16, title)
    if not mark.href:
        return shown
    # Not in the order of the keyboard: there may be hundreds, and the page lists them in words.
    return Markup('<a href="{}" tabindex="-1" aria-label="{}">{}</a>').format(mark.href, mark.text, shown)
