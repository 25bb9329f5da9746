"""Notices as messages: values in, Telegram HTML and buttons out. Pure: no clock, no database, no Telegram."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from bot import phrases
from bot.i18n import Words
from bot.message import Button, Message, bold, cut, data, escape, joined, length, plain_length, quoted, short
from server.core.announcements import is_over
from server.core.model import Direction, Kind, Level, Stance

QUOTE = 500
"""UTF-16 units of a quoted sentence: a notice is read on a phone, the link leads to the whole."""
DIGEST_ROOM = 3850
"""UTF-16 units of all entries of a digest."""


@dataclass(frozen=True, slots=True)
class Story:
    """A change as it is told."""

    change: int
    platform: str
    name: str
    document: str
    level: Level
    kind: Kind
    direction: Direction
    before: Stance
    """What the old text said on the question that `kind` names."""
    after: Stance
    quote_before: str
    quote_after: str
    quiet: bool | None
    happened: date
    """The day on which the new text was first seen."""
    found: date
    effective: date | None = None
    url: str = ""
    """The page with the whole difference; empty when the server has no public address."""
    source: str = ""
    own_feeds: bool = True
    """Whether a feed of the platform is read."""
    choices: bool = False
    """Whether there is a way to object or to decide."""


def notice(w: Words, story: Story, number: int, today: date) -> Message:
    """The notice of a change."""
    blocks = [
        f"{bold(story.name)} · {escape(cut(story.document, 100))}\n"
        + f"<b>{escape(phrases.headline(w, story.kind, story.before, story.after))}</b>",
        _sentences(w, story),
        phrases.meaning(w, story.direction)
        + "\n"
        + phrases.told(w, story.quiet, story.own_feeds, is_over(story.happened, today))
        + _when(w, story, today),
        _footer(w, story, number),
    ]
    return Message(joined(blocks), notice_buttons(w, story))


def _sentences(w: Words, story: Story) -> str:
    found = []
    if story.quote_before:
        found.append(w.t("Before:") + "\n" + quoted(story.quote_before, QUOTE))
    if story.quote_after:
        found.append(w.t("Now:") + "\n" + quoted(story.quote_after, QUOTE))
    return "\n".join(found)


def _when(w: Words, story: Story, today: date) -> str:
    if story.effective is None:
        return ""
    day = w.day(story.effective)
    if story.effective <= today:
        return "\n" + w.t("In force since {day}.", day=day)
    left = (story.effective - today).days
    still = w.t("In force from {day}: until then you can object, download or delete.", day=day)
    return "\n" + w.n("Takes effect in {number} day.", "Takes effect in {number} days.", left) + " " + still


def _footer(w: Words, story: Story, number: int) -> str:
    return f"№ {number} · {w.t('found on {day}', day=w.day(story.found))}"


def notice_buttons(w: Words, story: Story) -> tuple[tuple[Button, ...], ...]:
    """What one can do about a change: see why and what, object, hear less."""
    platform = short(story.platform)
    first = [Button(w.t("Why"), data("y", platform)), Button(w.t("Difference"), data("d", story.change))]
    if story.choices:
        first.append(Button(w.t("Opt out"), data("o", platform)))
    second = [Button(w.t("Status"), data("s", platform)), Button(w.t("Unfollow"), data("u", platform))]
    if story.url:
        second.append(Button(w.t("Full text"), url=story.url))
    return tuple(first), tuple(second)


def correction(w: Words, story: Story, number: int, earlier: int, words: str = "") -> Message:
    """Takes back a notice that was wrong."""
    blocks = [
        f"{bold(story.name)}\n<b>{escape(w.t('Correction: we were wrong.'))}</b>",
        w.t("Notice № {number} is withdrawn. It said:", number=earlier)
        + "\n"
        + quoted(phrases.headline(w, story.kind, story.before, story.after), QUOTE),
        escape(cut(words, 1000)),
        f"№ {number}",
    ]
    return Message(joined(blocks), ((Button(w.t("Status"), data("s", short(story.platform))),),))


def corrected(w: Words, story: Story, number: int, earlier: int) -> Message:
    """Puts a notice right that misread what changed: `story` is how it reads now."""
    blocks = [
        f"{bold(story.name)}\n<b>{escape(w.t('Correction: we misread this.'))}</b>",
        w.t("Notice № {number} should have said:", number=earlier)
        + "\n"
        + quoted(phrases.headline(w, story.kind, story.before, story.after), QUOTE),
        _sentences(w, story),
        phrases.meaning(w, story.direction),
        _footer(w, story, number),
    ]
    return Message(joined(blocks), notice_buttons(w, story))


def broadcast(w: Words, text: str, number: int) -> Message:
    """An operator's words."""
    lines = [cut(line, 3900) for line in text.splitlines()]
    while lines and length("\n".join(lines)) > 3900:
        lines.pop()
    return Message(joined([escape("\n".join(lines)), f"№ {number}"]))


def digest(w: Words, stories: Sequence[tuple[int, Story]]) -> Message:
    """Several changes in one message, the worst first; each with its number."""
    order = {Direction.WORSE: 0, Direction.BETTER: 1, Direction.NEUTRAL: 2}
    ranked = sorted(stories, key=lambda pair: (pair[1].level is not Level.MATERIAL, order[pair[1].direction], pair[0]))
    head = w.n("{number} change since your last digest", "{number} changes since your last digest", len(stories))
    entries = [_entry(w, number, story) for number, story in ranked]
    for at in reversed(range(len(entries))):  # whatever has to be cut, every change is named
        if sum(plain_length(entry) + 2 for entry in entries) > DIGEST_ROOM:
            entries[at] = _entry(w, *ranked[at], quote=0)
    rows = tuple(
        (Button(cut(f"{story.name} № {number}", 40), data("s", short(story.platform))),) for number, story in ranked[:8]
    )
    return Message(joined([f"<b>{escape(head)}</b>", *entries]), rows)


def _entry(w: Words, number: int, story: Story, quote: int = 120) -> str:
    head = f"{bold(story.name, 60)}: {escape(phrases.headline(w, story.kind, story.before, story.after))} № {number}"
    sentence = story.quote_after or story.quote_before
    return head + ("\n" + quoted(sentence, quote) if sentence and quote else "")


def preview(message: Message) -> str:
    """A message as plain text, for the outbox page and a dry run."""
    import html
    import re

    return html.unescape(re.sub(r"<[^>]*>", "", message.text))
