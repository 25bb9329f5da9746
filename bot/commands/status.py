"""/status soundcloud: what the terms allow, with the sentence."""

from __future__ import annotations

from bot import cards
from bot.command import Command
from bot.message import Message, escape, short
from bot.talk import Talk
from server.core.model import Platform
from server.flows import subscribe
from server.flows.lookup import Found, look_up


async def run(talk: Talk) -> None:
    """Shows the card of the platform that was named."""
    if not talk.asked:
        await talk.say(escape(talk.w.t("Name a platform: /status soundcloud.")))
        return
    await show_status(talk, talk.asked)


async def show_status(talk: Talk, asked: str) -> None:
    """The card of the platform that `asked` means; else the nearest names."""
    platform = await named(talk, asked)
    if platform:
        await talk.reply(card(talk, platform))


async def named(talk: Talk, asked: str) -> Platform | None:
    """The platform that `asked` means; when there is none, says so and gives None."""
    if known := platform_of(talk, asked):
        return known
    try:
        return subscribe.find_platform(talk.catalogue, asked)
    except subscribe.NotUnderstood as unknown:
        near = [talk.catalogue.platforms[id_] for id_ in unknown.near]
        await talk.reply(cards.choose(talk.w, asked, near))
    return None


def platform_of(talk: Talk, id_: str) -> Platform | None:
    """The platform of an id as it stands in callback data and deep links."""
    platforms = talk.catalogue.platforms
    return platforms.get(id_) or next((p for p in platforms.values() if short(p.id) == id_), None)


def look(talk: Talk, platform: Platform) -> Found:
    """What is known of a platform now."""
    with talk.here.read() as session:
        return look_up(session, platform, talk.now, talk.here.settings.stale_after)


def card(talk: Talk, platform: Platform) -> Message:
    """The card of a platform, with a button that fits whether this chat follows it."""
    found = look(talk, platform)
    with talk.here.read() as session:
        followed = subscribe.follows_platform(session, talk.place, platform.id)
    signals = [(signal.family, str(signal.verdict)) for signal in found.signals]
    page = f"{talk.public_url}/platforms/{platform.id}" if talk.public_url else ""
    return cards.status(talk.w, found.status, signals, followed=followed, page=page, broken=found.broken_promises)


async def press(talk: Talk, given: tuple[str, ...]) -> None:
    """The button under notices and other cards."""
    platform = await named(talk, given[0])
    if platform:
        await talk.reply(card(talk, platform))


COMMAND = Command("status", lambda w: w.t("What a platform's terms allow"), run, presses={"s": press})
