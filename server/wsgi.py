"""The web process's door: `gunicorn server.wsgi:app`."""

from __future__ import annotations

from server import queues, settings, wiring
from server.store import session
from server.web.app import create_app
from server.web.context import Context
from server.web.hot import Hot

service = wiring.build(settings.read())
context = Context(
    settings=service.settings,
    catalogue=service.catalogue,
    clock=service.clock,
    read=service.read,
    write=service.write,
    queue=service.queue,
    reach=service.reach,
    redis=service.redis,
    checks=(
        ("database", lambda: session.check(service.engine)),
        ("redis", lambda: queues.check(service.redis)),
    ),
)
app = create_app(context)
app.wsgi_app = Hot(app.wsgi_app, context)  # type: ignore[method-assign]
