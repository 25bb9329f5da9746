"""/lang de: the language of this chat."""

from __future__ import annotations

from bot.command import Command
from bot.i18n import LANGUAGES, words
from bot.message import Button, Message, data, escape
from bot.talk import Talk
from server.store import chats, follows


async def run(talk: Talk) -> None:
    """Sets the language that was named, or offers them all."""
    asked = talk.asked.lower()
    code = next((code for code, name in LANGUAGES.items() if asked in (code, name.lower())), "")
    if code:
        await _set(talk, code)
        return
    row = tuple(Button(name, data("L", code)) for code, name in LANGUAGES.items())
    await talk.reply(Message(escape(talk.w.t("Which language?")), (row[:3], row[3:])))


async def _set(talk: Talk, code: str) -> None:
    with talk.here.write() as session:
        chats.ensure(session, talk.place.chat, talk.place.kind, code, talk.now).language = code
        for row in follows.of_chat(session, talk.place.chat, talk.place.thread):
            row.language = ""
    await talk.say(escape(words(code).t("I speak English now.")))


async def press(talk: Talk, given: tuple[str, ...]) -> None:
    """A language's button."""
    if given[0] in LANGUAGES:
        await _set(talk, given[0])


COMMAND = Command("lang", lambda w: w.t("Language"), run, changes=True, presses={"L": press}, presses_change=True)
