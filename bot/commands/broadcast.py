"""/broadcast words (operators): a dry run first, with the number of chats; a button sends it."""

from __future__ import annotations

import hashlib

from bot import render
from bot.command import Command
from bot.i18n import words
from bot.message import Button, Message, data, escape, length
from bot.talk import Talk
from server.core.errors import ClausewatchError
from server.flows import announce
from server.store import chats, outbox

LONGEST = 3500
"""UTF-16 units: a message holds 4096 with what is written around the words."""


async def run(talk: Talk) -> None:
    """Shows what would be sent to how many; nothing is sent yet."""
    message = talk.update.effective_message
    text = "".join((message.text or "").split(maxsplit=1)[1:]).strip() if message else ""
    if not text:
        await talk.say(escape("Write /broadcast and the words. They are shown to you first, and sent by a button."))
        return
    if length(text) > LONGEST:
        await talk.say(escape(f"That is {length(text) - LONGEST} characters too long; write at most {LONGEST}."))
        return
    about = f"{talk.place.chat}:{message.message_id if message else 0}:{text}"
    key = hashlib.sha256(about.encode()).hexdigest()[:16]
    with talk.here.write() as session:
        draft = outbox.draft(session, key, text, talk.now)
        many = chats.reachable(session)
        number = draft.id
    shown = render.broadcast(words("en"), text, number).text
    buttons = (Button(f"Send to {many} chats", data("b", number, "send")), Button("Forget it", data("b", number, "no")))
    await talk.reply(Message(f"{escape(f'Dry run: this would go to {many} chats.')}\n\n{shown}", (buttons,)))


async def press(talk: Talk, given: tuple[str, ...]) -> None:
    """Sends a draft, or forgets it."""
    number, verb = int(given[0]), given[1]
    try:
        with talk.here.write() as session:
            many = announce.settle_draft(session, number, talk.now, send=verb == "send")
        said = f"№ {number} is queued for {many} chats; /stats shows its progress." if verb == "send" else "Forgotten."
    except ClausewatchError as why:
        said = str(why)
    await talk.show(Message(escape(said)))
    talk.wake_the_sender()


COMMAND = Command("broadcast", lambda w: "Speak to every chat", run, operator=True, presses={"b": press})
