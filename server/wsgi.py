"""The web process's door: `gunicorn server.wsgi:app`."""

from __future__ import annotations

from server import logs, pulse, queues, settings, wiring
from server.store import session
from server.web.app import create_app
from server.web.context import Context
from server.web.hot import Hot
from server.web.request_id import RequestId

service = wiring.build(settings.read())
logs.start(service.settings, "web")
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
app = Hot(RequestId(create_app(context).wsgi_app), context)
pulse.start(service.settings, "web")
