"""/diff soundcloud, /diff 17: the newest change, or that of a notice, word by word."""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.orm import Session

from bot import cards
from bot.command import Command
from bot.commands.status import named
from bot.message import Message, escape
from bot.stories import story
from bot.talk import Talk
from server.core.clauses import cut as clauses_of
from server.core.diff import edits, word_diff
from server.core.model import Level
from server.store.tables import ChangeRow, VersionRow
from server.store.tables_people import NoticeRow


async def run(talk: Talk) -> None:
    """Shows the change that was named by a notice's number or by its platform."""
    asked = talk.asked.lstrip("№# ")
    if not asked:
        await talk.say(escape(talk.w.t("Name a platform or a notice's number: /diff soundcloud, /diff 17.")))
        return
    if asked.isdecimal() and len(asked) < 10:
        with talk.here.read() as session:
            notice = session.get(NoticeRow, int(asked))
            found = notice.change_id if notice else None
        await show_change(talk, found)
    elif platform := await named(talk, talk.asked):
        newest = select(ChangeRow.id).where(ChangeRow.platform == platform.id, ChangeRow.state == "published")
        newest = newest.where(ChangeRow.level != Level.NOISE).order_by(ChangeRow.happened_to.desc()).limit(1)
        with talk.here.read() as session:
            found = session.scalar(newest)
        await show_change(talk, found)


async def show_change(talk: Talk, change: int | None) -> None:
    """Shows a published change word by word; says so when there is none."""
    with talk.here.read() as session:
        row = session.get(ChangeRow, change) if change else None
        message = _message(talk, session, row) if row is not None and row.state == "published" else None
    if message is None:
        await talk.say(escape(talk.w.t("There is no such change.")))
    else:
        await talk.reply(message)


def _message(talk: Talk, session: Session, row: ChangeRow) -> Message:
    before, after = session.get_one(VersionRow, row.before_id), session.get_one(VersionRow, row.after_id)
    found = edits(clauses_of(before.text), clauses_of(after.text))
    shown = [(edit, word_diff(edit.old, edit.new)) for edit in found if edit.op != "moved"]
    return cards.difference(talk.w, story(row, talk.catalogue, talk.public_url), shown)


async def press(talk: Talk, given: tuple[str, ...]) -> None:
    """The button under a notice."""
    await show_change(talk, int(given[0]))


COMMAND = Command("diff", lambda w: w.t("What changed, word by word"), run, presses={"d": press})
