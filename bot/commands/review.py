"""/review (operators): publish, correct or withdraw a change, before or after it was sent.

/review shows the newest; /review 17 training opt_in corrects the reading of change 17; /review 17 withdraw why…
"""

from __future__ import annotations

from bot import render
from bot.command import Command
from bot.i18n import words
from bot.message import Button, Message, data, escape
from bot.stories import story
from bot.talk import Talk
from server.core.errors import ClausewatchError
from server.flows import announce
from server.store import changes
from server.store.tables import ChangeRow


async def run(talk: Talk) -> None:
    """Shows what there is to review, or does what was asked."""
    if talk.args and talk.args[0].isdecimal():
        await _act(talk, int(talk.args[0]), talk.args[1:])
        return
    with talk.here.read() as session:
        cards = [_card(talk, row) for row in announce.to_review(session)]
    for card in cards or [Message("There is nothing to review.")]:
        await talk.reply(card)


def _card(talk: Talk, row: ChangeRow) -> Message:
    told = story(row, talk.catalogue, talk.public_url)
    shown = render.notice(words("en"), told, 0, talk.now.date())
    buttons = [Button("Withdraw", data("r", "withdraw", row.id)), Button("Difference", data("d", row.id))]
    if row.state == changes.HELD:
        buttons.insert(0, Button("Publish", data("r", "approve", row.id)))
    head = escape(f"Change {row.id}, {row.state}, {row.level}")
    return Message(f"{head}\n\n{shown.text}", (tuple(buttons),))


async def _act(talk: Talk, change: int, words_: tuple[str, ...]) -> None:
    try:
        said = _do(talk, change, words_)
    except ClausewatchError as why:
        said = str(why)
    await talk.say(escape(said))


def _do(talk: Talk, change: int, words_: tuple[str, ...]) -> str:
    verb = words_[0] if words_ else ""
    with talk.here.write() as session:
        if verb == "approve":
            said = announce.approve(session, change, talk.catalogue, talk.now)
        elif verb == "withdraw":
            said = announce.withdraw(session, change, " ".join(words_[1:]), talk.now)
        elif verb in ("training", "sharing") and len(words_) == 2:
            said = announce.correct(session, change, verb, words_[1], talk.now)
        else:
            return "Write /review 17 approve, /review 17 withdraw why…, or /review 17 training opt_in."
    talk.wake_the_sender()
    return said


async def press(talk: Talk, given: tuple[str, ...]) -> None:
    """The buttons under a change."""
    verb, change = given
    await _act(talk, int(change), (verb,))


COMMAND = Command("review", lambda w: "Publish, correct or withdraw a change", run, operator=True, presses={"r": press})
