"""Gunicorn's own lines, through the same door as all others."""

from __future__ import annotations

import logging
from typing import Any

from gunicorn.glogging import Logger

from server import logs, settings


class Log(Logger):  # type: ignore[misc]  # gunicorn has no types
    """`gunicorn --logger-class server.gunicorn_log.Log`."""

    def setup(self, cfg: Any) -> None:
        """Lets gunicorn's lines go where this process's lines go."""
        logs.start(settings.read(), "web")
        super().setup(cfg)
        for each in (self.error_log, self.access_log):
            each.handlers.clear()
            each.propagate = True
        self.error_log.setLevel(max(logging.WARNING, logging.root.level))
