"""/history soundcloud: the changes of a platform, newest first."""

from __future__ import annotations

from sqlalchemy import select

from bot import cards
from bot.command import Command
from bot.commands.status import named
from bot.message import Message, escape
from bot.stories import story
from bot.talk import Talk
from server.core.model import Level, Platform
from server.store.tables import ChangeRow

PAGE = 5


async def run(talk: Talk) -> None:
    """Shows the newest changes of the platform that was named."""
    if not talk.asked:
        await talk.say(escape(talk.w.t("Name a platform: /history soundcloud.")))
    elif platform := await named(talk, talk.asked):
        await talk.reply(page_of(talk, platform, 0))


def page_of(talk: Talk, platform: Platform, page: int) -> Message:
    """One page of a platform's published changes that are more than noise."""
    query = (
        select(ChangeRow)
        .where(ChangeRow.platform == platform.id, ChangeRow.state == "published", ChangeRow.level != Level.NOISE)
        .order_by(ChangeRow.happened_to.desc(), ChangeRow.id.desc())
        .offset(page * PAGE)
        .limit(PAGE + 1)
    )
    with talk.here.read() as session:
        rows = session.scalars(query).all()
    stories = [story(row, talk.catalogue, talk.public_url) for row in rows[:PAGE]]
    return cards.history(talk.w, platform, stories, page, len(rows) > PAGE)


async def press(talk: Talk, given: tuple[str, ...]) -> None:
    """The button under a card, or another page."""
    platform = await named(talk, given[0])
    if platform:
        page = int(given[1])
        await (talk.show if page else talk.reply)(page_of(talk, platform, page))


COMMAND = Command("history", lambda w: w.t("How a platform's terms changed"), run, presses={"h": press})
