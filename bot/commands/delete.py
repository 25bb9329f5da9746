"""/delete: everything that is kept of this chat, gone, and proven to be."""

from __future__ import annotations

from bot.command import Command
from bot.message import Button, Message, data, escape
from bot.talk import Talk
from server.store import chats


async def run(talk: Talk) -> None:
    """Asks once more."""
    w = talk.w
    text = w.t("This deletes all that is kept of this chat: what it follows, its settings, and its notices.")
    await talk.reply(Message(escape(text), ((Button(w.t("Delete everything"), data("D", "yes")),),)))


async def press(talk: Talk, given: tuple[str, ...]) -> None:
    """Deletes, and shows what is left: nothing."""
    w = talk.w
    with talk.here.write() as session:
        left = chats.forget(session, talk.place.chat)
    names = {"chats": w.t("chats"), "follows": w.t("subscriptions"), "deliveries": w.t("notices")}
    shown = ", ".join(f"{names[table]}: {number}" for table, number in left.items())
    said = w.t("Everything is deleted. Looked again, rows of this chat: {left}.", left=shown)
    await talk.show(Message(escape(said)))


COMMAND = Command(
    "delete",
    lambda w: w.t("Delete everything kept of this chat"),
    run,
    changes=True,
    presses={"D": press},
    presses_change=True,
)
