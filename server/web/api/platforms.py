"""GET /platforms, /platforms/{id}, /platforms/{id}/changes."""

from __future__ import annotations

from server.flows.lookup import look_up, look_up_all
from server.web.api.changes import ChangesQuery, list_changes
from server.web.api.models import ChangesAnswer, PlatformAnswer, PlatformEntry, PlatformsAnswer
from server.web.api.registry import Api
from server.web.api.show import show_badge, show_platform
from server.web.context import context


def register(api: Api) -> None:
    """Adds the endpoints."""

    @api.get("/platforms", returns=PlatformsAnswer)
    def platforms() -> PlatformsAnswer:
        """List all platforms with their badges, in order of name."""
        here = context()
        listed = sorted(here.catalogue.platforms.values(), key=lambda platform: platform.name.lower())
        with here.read() as session:
            found = look_up_all(session, listed, here.clock.now(), here.settings.stale_after)
        entries = [
            PlatformEntry(
                platform=status.platform.id,
                name=status.platform.name,
                category=status.platform.category,
                hosts=list(status.platform.hosts),
                badge=show_badge(status.badge),
                changed_at=changed_at,
                checked_at=status.checked_at,
                url=f"{here.public_url}/v1/platforms/{status.platform.id}",
            )
            for status, changed_at in found
        ]
        return PlatformsAnswer(platforms=entries)

    @api.get("/platforms/<id>", returns=PlatformAnswer, errors=[404])
    def platform(id: str) -> PlatformAnswer:
        """Show one platform's status."""
        here = context()
        found_platform = here.catalogue.platform(id)
        with here.read() as session:
            found = look_up(session, found_platform, here.clock.now(), here.settings.stale_after)
            return show_platform(found, found_platform.hosts[0], here)

    @api.get("/platforms/<id>/changes", query=ChangesQuery, returns=ChangesAnswer, errors=[404])
    def platform_changes(id: str, query: ChangesQuery) -> ChangesAnswer:
        """List one platform's changes, newest first."""
        context().catalogue.platform(id)
        return list_changes(query, platform=id)
