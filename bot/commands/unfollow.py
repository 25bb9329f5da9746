"""/unfollow soundcloud, /unfollow all music, /unfollow all: hear no more."""

from __future__ import annotations

from bot import cards, phrases
from bot.command import Command
from bot.commands.list import show_list
from bot.commands.status import platform_of
from bot.message import Button, Message, escape
from bot.talk import Talk
from server.flows import subscribe
from server.store import follows


async def run(talk: Talk) -> None:
    """Unfollows what was named; without a name, shows the list."""
    if not talk.asked:
        await show_list(talk, 0)
        return
    try:
        await _unfollow(talk, subscribe.find_scope(talk.catalogue, talk.asked))
    except subscribe.NotUnderstood as unknown:
        near = [talk.catalogue.platforms[id_] for id_ in unknown.near]
        await talk.reply(cards.choose(talk.w, talk.asked, near, "u"))


async def _unfollow(talk: Talk, scope: str) -> None:
    w = talk.w
    with talk.here.write() as session:
        there_was = subscribe.unfollow(session, talk.place, scope)
        wider = [row.scope for row in follows.of_chat(session, talk.place.chat, talk.place.thread) if row.rank > 0]
    name = phrases.scope(w, scope, subscribe.scope_name(talk.catalogue, scope))
    said = w.t("You no longer follow {name}.", name=name) if there_was else w.t("You did not follow {name}.", name=name)
    if wider and scope not in wider:
        said += " " + w.t("You still follow more than single platforms; /list shows it.")
    again = ((Button(w.t("Follow again"), cards.follow_data(scope)),),)
    await talk.reply(Message(escape(said), again if there_was else ()))
    if scope == "all" and not there_was:
        await show_list(talk, 0)  # perhaps everything was meant


async def press_platform(talk: Talk, given: tuple[str, ...]) -> None:
    """The button under a platform's card or a notice."""
    platform = platform_of(talk, given[0])
    await _unfollow(talk, f"platform:{platform.id if platform else given[0]}")


async def press_scope(talk: Talk, given: tuple[str, ...]) -> None:
    """The button of any subscription."""
    await _unfollow(talk, ":".join(given))


COMMAND = Command(
    "unfollow",
    lambda w: w.t("Hear no more of a platform"),
    run,
    changes=True,
    presses={"u": press_platform, "U": press_scope},
    presses_change=True,
)
