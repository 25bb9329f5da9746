"""`python -m bot.preview`: the newest notice as it would be read in Telegram, for the demo and for operators."""

from __future__ import annotations

import sys

from bot import render, stories
from bot.i18n import words
from server import settings, wiring
from server.core.errors import ClausewatchError
from server.store import changes, outbox


def main() -> int:
    """Prints the notice; 1 when there is none."""
    try:
        here = wiring.build(settings.read())
        with here.read() as session:
            newest = next((notice for notice in outbox.progress(session) if notice["change_id"]), None)
            change = changes.get(session, newest["change_id"]) if newest else None
            if newest is None or change is None:
                print("There is no notice yet.")
                return 1
            public_url = here.settings.public_url or f"http://127.0.0.1:{here.settings.port}"
            told = stories.story(change, here.catalogue, public_url)
            message = render.notice(words("en"), told, int(newest["id"]), here.clock.now().date())
            print(render.preview(message))
    except ClausewatchError as why:
        print(f"bot: {why}", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
