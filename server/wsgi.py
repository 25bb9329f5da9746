"""The web process's door: `gunicorn server.wsgi:app`."""

from __future__ import annotations

from server import queues, settings, wiring
from server.store import session
from server.web.app import create_app
from server.web.context import Context

service = wiring.build(settings.read())
app = create_app(
    Context(
        settings=service.settings,
        catalogue=service.catalogue,
        clock=service.clock,
        read=service.read,
        write=service.write,
        queue=service.queue,
        checks=(
            ("database", lambda: session.check(service.engine)),
            ("redis", lambda: queues.check(service.redis)),
        ),
    )
)
