"""GET /hosts: every watched host with its platform's badge, for matching on the reader's own machine."""

from __future__ import annotations

from server.flows.lookup import look_up_all
from server.web.api.models import HostPlatform, HostsAnswer
from server.web.api.registry import Api
from server.web.api.show import show_badge
from server.web.context import context


def register(api: Api) -> None:
    """Adds the endpoint."""

    @api.get("/hosts", returns=HostsAnswer)
    def hosts() -> HostsAnswer:
        """List every watched host and each platform's badge."""
        here = context()
        now = here.clock.now()
        platforms = list(here.catalogue.platforms.values())
        with here.read() as session:
            found = look_up_all(session, platforms, now, here.settings.stale_after)
        return HostsAnswer(
            generated_at=now.replace(second=0, microsecond=0),
            hosts=dict(here.catalogue.hosts),
            platforms={
                status.platform.id: HostPlatform(
                    name=status.platform.name,
                    category=status.platform.category,
                    in_page=status.platform.badge_in_page,
                    badge=show_badge(status.badge),
                    changed_at=changed_at,
                    checked_at=status.checked_at,
                )
                for status, changed_at in found
            },
        )
