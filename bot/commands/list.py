"""/list: what this chat follows."""

from __future__ import annotations

from bot import cards
from bot.command import Command
from bot.talk import Talk
from server.flows import subscribe
from server.store import follows


async def run(talk: Talk) -> None:
    """Shows the first page."""
    await show_list(talk, 0)


async def show_list(talk: Talk, page: int) -> None:
    """Shows a page of the subscriptions of this chat or topic."""
    with talk.here.read() as session:
        rows = follows.of_chat(session, talk.place.chat, talk.place.thread)
        entries = [(row.id, row.scope, subscribe.scope_name(talk.catalogue, row.scope)) for row in rows]
    await talk.show(cards.subscriptions(talk.w, entries, page))


async def press(talk: Talk, given: tuple[str, ...]) -> None:
    """Another page."""
    await show_list(talk, int(given[0]))


COMMAND = Command("list", lambda w: w.t("What you follow"), run, presses={"l": press})
