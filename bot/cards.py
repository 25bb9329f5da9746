"""Answers as messages: status, why, difference, opt-out, history, lists. Pure: values in, Telegram HTML out."""

from __future__ import annotations

import html
from collections.abc import Sequence

from bot import phrases
from bot.i18n import Words
from bot.message import Button, Message, Rows, bold, cut, data, escape, joined, quoted, short
from bot.render import Story
from server.core.model import Edit, Platform, Stance, Subject
from server.core.status import Answer, Status

PAGE = 8
"""Entries on a page of a list."""
Span = tuple[str, str]


def link(url: str, text: str) -> str:
    """A link when the address is one of the web's, else the text."""
    safe = escape(cut(text, 120))
    if not url.startswith(("https://", "http://")):
        return safe
    return f'<a href="{html.escape(url[:1500], quote=True)}">{safe}</a>'


def status(
    w: Words,
    found: Status,
    signals: Sequence[tuple[str, str]],
    *,
    followed: bool | None,
    page: str = "",
    broken: Sequence[str] = (),
) -> Message:
    """A platform's card. `followed` is None where nothing can be followed (inline); `page` is our page on it.

    `broken` names the signals that the company says its pages carry, and that they lack.
    """
    blocks = [
        f"{bold(found.platform.name)}\n{escape(phrases.badge(w, Stance(found.badge.state)))}",
        _quote_of(w, found.training),
        _note(w, found),
        _quote_of(w, found.sharing, phrases.sharing(w, found.sharing.stance)),
        *(_promise(w, found) if found.contradictions else []),
        _signals(w, signals),
        *(f"⚠️ {escape(_missing(w, family))}" for family in broken),
        _age(w, found),
    ]
    return Message(joined(blocks), status_buttons(w, found.platform, followed=followed, page=page))


def _note(w: Words, found: Status) -> str:
    if found.badge.state == found.training.stance:
        return ""
    if found.training.reading.subject is Subject.DATA:
        return escape(w.t("It may train on data about how you use it."))
    return escape(w.t("It may train models that run its own features, such as recommendation."))


def _quote_of(w: Words, answer: Answer, lead: str = "") -> str:
    if not answer.quote:
        return escape(lead)
    source = link(answer.fragment_url, answer.document.title or answer.document.type) if answer.document else ""
    return "\n".join(filter(None, [escape(lead), quoted(answer.quote, 400), source]))


def _promise(w: Words, found: Status) -> list[str]:
    blocks = []
    for clash in found.contradictions:
        said = clash.statement
        words = phrases.contradiction(w, said.claims.get(clash.field, ""), clash.may)
        blocks.append(
            f"⚠️ <b>{escape(words)}</b>\n{escape(cut(said.speaker, 80))}, {link(said.source, w.some_day(said.date))}"
        )
    return blocks


def _signals(w: Words, signals: Sequence[tuple[str, str]]) -> str:
    if not signals:
        return ""
    lines = [f"• {escape(cut(family, 30))}: {escape(_verdict(w, verdict))}" for family, verdict in signals[:6]]
    return "\n".join([escape(w.t("What its machine-readable signals tell AI crawlers:")), *lines])


def _missing(w: Words, family: str) -> str:
    return w.t("It says that its pages carry {signal}; the page we looked at does not.", signal=cut(family, 30))


def _verdict(w: Words, verdict: str) -> str:
    return {
        "reserved": w.t("no training"),
        "allowed": w.t("training allowed"),
        "silent": w.t("nothing"),
    }.get(verdict, w.t("not readable"))


def _age(w: Words, found: Status) -> str:
    if found.checked_at is None:
        return escape(w.t("Not looked at yet."))
    day = w.day(found.checked_at.date())
    if found.stale:
        return escape(w.t("Not checked since {day}: this may be out of date.", day=day))
    return escape(w.t("Checked on {day}.", day=day))


def status_buttons(w: Words, platform: Platform, *, followed: bool | None, page: str = "") -> Rows:
    """What one can do from a platform's card."""
    id_ = short(platform.id)
    first = [Button(w.t("Why"), data("y", id_)), Button(w.t("History"), data("h", id_, 0))]
    if platform.choices:
        first.append(Button(w.t("Opt out"), data("o", id_)))
    second = []
    if followed is not None:
        second.append(Button(w.t("Unfollow"), data("u", id_)) if followed else Button(w.t("Follow"), data("f", id_)))
    if page:
        second.append(Button(w.t("Full text"), url=page))
    return (tuple(first), tuple(second)) if second else (tuple(first),)


def why(w: Words, found: Status) -> Message:
    """The sentences that a status rests on, each with its rule and its document."""
    blocks = [f"{bold(found.platform.name)}: {escape(w.t('why we say so'))}"]
    for state in found.documents:
        if state.reading is None or not state.reading.evidence:
            continue
        title = link(state.document.urls[0], state.document.title or state.document.type)
        for evidence in state.reading.evidence[:6]:
            rule = escape(w.t("line {line}, rule {rule}", line=evidence.line, rule=evidence.rule))
            blocks.append(f"{title}\n{quoted(evidence.text, 350)}\n<i>{rule}</i>")
    if len(blocks) == 1 and any(state.reading for state in found.documents):
        blocks.append(escape(w.t("No sentence in its documents speaks of AI training.")))
    blocks.append(escape(_unread(w, found)))
    return Message(joined(blocks), ((Button(w.t("Status"), data("s", short(found.platform.id))),),))


def _unread(w: Words, found: Status) -> str:
    unread = [state for state in found.documents if state.reading is None]
    if not unread:
        return ""
    return w.n("{number} document has not been read yet.", "{number} documents have not been read yet.", len(unread))


def optout(w: Words, platform: Platform) -> Message:
    """The steps to object or to decide."""
    blocks = [bold(platform.name)]
    for choice in platform.choices[:5]:
        kind = w.t("How to object") if choice.kind == "opt_out" else w.t("How to agree, or not")
        steps = "\n".join(f"{n}. {escape(cut(step, 300))}" for n, step in enumerate(choice.steps[:8], 1))
        where = link(choice.url, w.t("Open the page")) if choice.url else ""
        blocks.append(f"<b>{escape(kind)}</b> · {escape(cut(choice.scope, 150))}\n{steps}\n{where}".rstrip())
    if not platform.choices:
        blocks.append(escape(w.t("We know of no way to object there.")))
    return Message(joined(blocks), ((Button(w.t("Status"), data("s", short(platform.id))),),))


def history(w: Words, platform: Platform, stories: Sequence[Story], page: int, more: bool) -> Message:
    """The changes of a platform, newest first."""
    lines = [f"{bold(platform.name)}: {escape(w.t('changes'))}"]
    lines += [
        f"{escape(w.day(s.happened))} · {escape(cut(s.document, 60))}\n"
        + escape(phrases.headline(w, s.kind, s.before, s.after))
        + (f" {arrow(s)}" if arrow(s) else "")
        for s in stories
    ]
    if not stories:
        lines.append(escape(w.t("No change has been found since we began to watch.")))
    rows = tuple((Button(cut(f"{w.day(s.happened)}: {w.t('Difference')}", 40), data("d", s.change)),) for s in stories)
    return Message(joined(lines), (*rows, *turn(w, "h", page, more, short(platform.id))))


def arrow(story: Story) -> str:
    """Which way a change went, as a sign."""
    return {"worse": "🔻", "better": "🔹"}.get(story.direction.value, "")


def turn(w: Words, verb: str, page: int, more: bool, *arguments: object) -> Rows:
    """Buttons to the pages before and after."""
    found = []
    if page:
        found.append(Button("‹ " + w.t("Back"), data(verb, *arguments, page - 1)))
    if more:
        found.append(Button(w.t("More") + " ›", data(verb, *arguments, page + 1)))
    return (tuple(found),) if found else ()


def difference(w: Words, story: Story, edits: Sequence[tuple[Edit, Sequence[Span]]]) -> Message:
    """What changed, word by word: gone words struck through, new ones bold."""
    blocks = [f"{bold(story.name)} · {escape(cut(story.document, 100))} · {escape(w.day(story.happened))}"]
    room = 80  # Telegram takes at most 100 pieces of mark-up
    for _, spans in edits:
        words, used = _spans(spans, room)
        room -= used
        blocks.append(words)
        if room <= 0:
            break
    if len(blocks) == 1:
        blocks.append(escape(w.t("Nothing but the order of passages differs.")))
    row = [Button(w.t("Status"), data("s", short(story.platform)))]
    if story.url:
        row.append(Button(w.t("Full text"), url=story.url))
    return Message(joined(blocks), (tuple(row),))


def _spans(spans: Sequence[Span], room: int) -> tuple[str, int]:
    tags = {"added": "b", "removed": "s"}
    found, used = [], 0
    for op, text in spans:
        tag = tags.get(op)
        words = escape(cut(text, 300 if tag else 120))
        if tag and words and used < room:
            words, used = f"<{tag}>{words}</{tag}>", used + 1
        found.append(words)
    return " ".join(filter(None, found)), used


def subscriptions(w: Words, entries: Sequence[tuple[int, str, str]], page: int) -> Message:
    """What a chat follows: (id, scope, name), a page at a time; each opens its settings."""
    if not entries:
        return Message(escape(w.t("You follow nothing yet. Try /follow soundcloud, or /follow all music.")))
    page = min(page, (len(entries) - 1) // PAGE)  # some may be gone since the button was made
    shown = entries[page * PAGE : (page + 1) * PAGE]
    head = w.n("You follow {number} thing.", "You follow {number} things.", len(entries))
    head += " " + w.t("Choose one to set it up.")
    rows = tuple((Button(cut(phrases.scope(w, scope, name), 50), data("g", id_)),) for id_, scope, name in shown)
    return Message(escape(head), (*rows, *turn(w, "l", page, len(entries) > (page + 1) * PAGE)))


def follow_data(scope: str) -> str:
    """What a button carries that follows a platform, a category or all."""
    kind, _, name = scope.partition(":")
    return data("f", short(name)) if kind == "platform" else data("F", scope)


def unfollow_data(scope: str) -> str:
    """What a button carries that unfollows it."""
    kind, _, name = scope.partition(":")
    return data("u", short(name)) if kind == "platform" else data("U", scope)


def choose(w: Words, asked: str, platforms: Sequence[Platform], verb: str = "s") -> Message:
    """No such platform, but perhaps one of these."""
    text = escape(w.t("“{asked}” is not watched here.", asked=cut(asked, 80)))
    if platforms:
        text += "\n" + escape(w.t("Did you mean one of these?"))
    else:
        text += "\n" + escape(w.t("Write a platform's name or address, or /suggest it."))
    return Message(text, tuple((Button(cut(p.name, 50), data(verb, short(p.id))),) for p in platforms))
