"""/import: subscriptions from a file that /export made, or from an OPML list of our feeds."""

from __future__ import annotations

from bot.command import Command
from bot.message import escape
from bot.talk import Talk
from server.core.errors import ClausewatchError
from server.flows import subscribe


async def run(talk: Talk) -> None:
    """Says how; the file itself comes as a message of its own."""
    await talk.say(escape(talk.w.t("Send me the file: the JSON of /export, or an OPML list of our feeds.")))


async def take_file(talk: Talk, file_id: str, size: int) -> None:
    """Takes in a file that somebody sent."""
    w = talk.w
    if size > subscribe.LARGEST_IMPORT:
        await talk.say(escape(w.t("That file is too large.")))
        return
    file = await talk.bot.get_file(file_id)
    content = bytes(await file.download_as_bytearray())
    try:
        with talk.here.write() as session:
            new, unknown = subscribe.bring_in(session, talk.place, content, talk.catalogue, talk.now)
    except subscribe.NotUnderstood:
        await talk.say(escape(w.t("I cannot read that file. Send the JSON of /export, or an OPML list of our feeds.")))
        return
    except ClausewatchError:
        await talk.say(escape(w.t("This chat follows too many things; /unfollow some first.")))
        return
    said = w.n("{number} new subscription.", "{number} new subscriptions.", new)
    if unknown:
        said += " " + w.n("{number} entry means nothing here.", "{number} entries mean nothing here.", unknown)
    await talk.say(escape(said))


COMMAND = Command("import", lambda w: w.t("Subscriptions from a file"), run, changes=True)
