"""/sources (operators): what cannot be fetched at present."""

from __future__ import annotations

from bot.command import Command
from bot.message import escape, joined
from bot.talk import Talk
from server.store import sources


async def run(talk: Talk) -> None:
    """Lists broken sources, the oldest trouble first."""
    with talk.here.read() as session:
        lines = [
            f"{row.key}: {row.cause or 'broken'}, since {row.broken_since:%Y-%m-%d}, {row.failures} failures"
            for row in sources.broken(session)
        ]
    await talk.say(joined([escape(line[:300]) for line in lines] or ["Every source works."]))


COMMAND = Command("sources", lambda w: "Sources that are broken", run, operator=True)
