"""/export: everything that is kept of this chat (JSON), and its platforms as feeds (OPML)."""

from __future__ import annotations

import json

from bot.command import Command
from bot.talk import Talk
from server.flows import subscribe


async def run(talk: Talk) -> None:
    """Sends both files."""
    with talk.here.read() as session:
        everything = subscribe.export(session, talk.place.chat, talk.catalogue)
        feeds = subscribe.export_opml(session, talk.place.chat, talk.catalogue, talk.pages)
    await talk.document("clausewatch.json", json.dumps(everything, indent=1, ensure_ascii=False).encode())
    await talk.document("clausewatch.opml", feeds.encode())


COMMAND = Command("export", lambda w: w.t("Your subscriptions as a file"), run)
