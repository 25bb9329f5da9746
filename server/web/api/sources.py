"""GET /sources: how the watching itself is going. A watcher that hides its blind spots is not to be trusted."""

from __future__ import annotations

from datetime import datetime

from pydantic import BaseModel, ConfigDict, Field

from server.store import sources as stored
from server.web.api.registry import Api
from server.web.context import context

_ID = r"^([a-z0-9]+(-[a-z0-9]+)*)?$"


class SourcesQuery(BaseModel):
    """Which sources to list."""

    model_config = ConfigDict(extra="forbid")

    platform: str = Field("", pattern=_ID, max_length=60, description="The id of a platform; leave out for all")


class SourceAnswer(BaseModel):
    """One address we look at, and how it has been doing."""

    key: str
    platform: str
    url: str
    last_checked_at: datetime | None
    last_ok_at: datetime | None
    broken_since: datetime | None
    cause: str
    failures: int


class SourcesAnswer(BaseModel):
    """The sources, in order of key."""

    sources: list[SourceAnswer]


def register(api: Api) -> None:
    """Adds the endpoint."""

    @api.get("/sources", query=SourcesQuery, returns=SourcesAnswer, cache="public, max-age=15")
    def sources(query: SourcesQuery) -> SourcesAnswer:
        """List what is looked at, when it last answered, and what is broken."""
        with context().read() as session:
            rows = stored.every(session, query.platform)
        return SourcesAnswer(sources=[SourceAnswer.model_validate(row, from_attributes=True) for row in rows])
