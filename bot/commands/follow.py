"""/follow soundcloud, /follow all music, /follow all: hear of changes."""

from __future__ import annotations

from bot import cards, phrases
from bot.command import Command
from bot.commands.status import named
from bot.message import Button, Message, data, escape
from bot.talk import Talk
from server.core.errors import ClausewatchError
from server.flows import subscribe


async def run(talk: Talk) -> None:
    """Follows what was named; without a name, shows what one can follow."""
    if not talk.asked:
        await talk.reply(_offers(talk))
        return
    try:
        await follow_scope(talk, subscribe.find_scope(talk.catalogue, talk.asked))
    except subscribe.NotUnderstood as unknown:
        near = [talk.catalogue.platforms[id_] for id_ in unknown.near]
        await talk.reply(cards.choose(talk.w, talk.asked, near, "f"))


def _offers(talk: Talk) -> Message:
    w = talk.w
    text = escape(w.t("Name what to follow: /follow soundcloud, /follow all music or /follow all."))
    names = subscribe.categories(talk.catalogue)[:30]
    buttons = [Button(phrases.scope(w, f"category:{name}", name), data("F", f"category:{name}")) for name in names]
    rows = tuple(tuple(buttons[i : i + 2]) for i in range(0, len(buttons), 2))
    return Message(text, (*rows, (Button(w.t("All platforms"), data("F", "all")),)))


async def follow_scope(talk: Talk, scope: str) -> None:
    """Follows a platform, a category or everything, and says so."""
    w = talk.w
    try:
        with talk.here.write() as session:
            row, new = subscribe.follow(session, talk.place, scope, talk.now)
            id_, as_usual = (
                row.id,
                not row.kinds and (row.level, row.direction, row.digest) == ("material", "", "instant"),
            )
    except ClausewatchError:
        await talk.say(escape(w.t("This chat follows too many things; /unfollow some first.")))
        return
    name = phrases.scope(w, scope, subscribe.scope_name(talk.catalogue, scope))
    said = w.t("You now follow {name}.", name=name) if new else w.t("You follow {name} already.", name=name)
    usual = w.t("You hear of changes that matter, at once. Settings change that.")
    like = w.t("You are told as you set it up for your other subscriptions. Settings change that.")
    more = (usual if as_usual else like) if new else ""
    rows = ((Button(w.t("Settings"), data("g", id_)), Button(w.t("Unfollow"), cards.unfollow_data(scope))),)
    await talk.reply(Message(escape(f"{said} {more}".strip()), rows))


async def press_platform(talk: Talk, given: tuple[str, ...]) -> None:
    """The button under a platform's card."""
    platform = await named(talk, given[0])
    if platform:
        await follow_scope(talk, f"platform:{platform.id}")


async def press_scope(talk: Talk, given: tuple[str, ...]) -> None:
    """The button of a category, or of all."""
    try:
        await follow_scope(talk, subscribe.find_scope(talk.catalogue, given[-1]))
    except subscribe.NotUnderstood:  # it has left the catalogue since
        await talk.reply(cards.choose(talk.w, given[-1], []))


COMMAND = Command(
    "follow",
    lambda w: w.t("Hear of a platform's changes"),
    run,
    changes=True,
    presses={"f": press_platform, "F": press_scope},
    presses_change=True,
)
