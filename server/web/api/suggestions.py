"""POST /suggestions: ask for a platform to be watched."""

from __future__ import annotations

from typing import Literal

from pydantic import BaseModel, ConfigDict, Field

from server.flows.suggest import LONGEST, Suggestions
from server.web.api.registry import Api
from server.web.context import context


class Suggestion(BaseModel):
    """A platform that somebody would like to see watched. Who asks is not kept."""

    model_config = ConfigDict(extra="forbid")

    url: str = Field(
        min_length=1,
        max_length=LONGEST,
        description="Its address or host; only the host is kept, and nothing is fetched from it",
        examples=["https://example.com"],
    )


class SuggestionAnswer(BaseModel):
    """What came of it."""

    host: str
    state: Literal["queued", "watched"] = Field(description="queued: the operator decides; watched: it is already")
    platform: str = Field(description="The platform's id when it is watched already, else empty")


def register(api: Api) -> None:
    """Adds the endpoint."""

    @api.post("/suggestions", body=Suggestion, returns=SuggestionAnswer)
    def suggest(wish: Suggestion) -> SuggestionAnswer:
        """Suggest a platform; the same one again only counts."""
        here = context()
        found = Suggestions(here.catalogue, here.write, here.clock, here.reach).take(wish.url)
        return SuggestionAnswer(
            host=found.host, state="watched" if found.platform else "queued", platform=found.platform
        )
