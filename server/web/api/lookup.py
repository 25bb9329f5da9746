"""GET /lookup: what is known of the platform that owns a host."""

from __future__ import annotations

from pydantic import BaseModel, ConfigDict, Field

from server.core import hosts
from server.core.errors import UnknownPlatform, Unusable
from server.flows.lookup import look_up
from server.web.api.models import PlatformAnswer
from server.web.api.registry import Api
from server.web.api.show import show_platform
from server.web.context import context


class LookupQuery(BaseModel):
    """The host to look up: never a path."""

    model_config = ConfigDict(extra="forbid")

    host: str = Field(
        min_length=1,
        max_length=253,
        description="A host name, such as soundcloud.com",
        examples=["soundcloud.com"],
        json_schema_extra={"pattern": r"^[A-Za-z0-9]{1,63}(\.[A-Za-z0-9]([A-Za-z0-9-]{0,61}[A-Za-z0-9])?)*$"},
    )


def register(api: Api) -> None:
    """Adds the endpoint."""

    @api.get("/lookup", query=LookupQuery, returns=PlatformAnswer, errors=[404])
    def lookup(query: LookupQuery) -> PlatformAnswer:
        """Look up a host: the status of the platform that owns it."""
        try:
            host = hosts.normalise(query.host)
        except ValueError as why:
            raise Unusable(f"{why}. Write a host name, such as soundcloud.com.") from None
        here = context()
        platform = here.catalogue.by_host(host)
        if platform is None:
            raise UnknownPlatform(f"{host} is not watched here. That says nothing good or bad about it.")
        with here.read() as session:
            found = look_up(session, platform, here.clock.now(), here.settings.stale_after)
            return show_platform(found, host, here)
