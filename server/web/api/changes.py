"""GET /changes and /changes/{id}."""

from __future__ import annotations

import base64
import re
from datetime import UTC, date, datetime, time
from typing import Annotated, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, field_validator

from server.core.clauses import cut
from server.core.diff import edits, word_diff
from server.core.effective import days_left
from server.store import captures, changes
from server.store.changes import Filter
from server.store.tables import AnnouncementRow, ChangeRow, VersionRow
from server.web.api.models import ChangeDetailAnswer, ChangesAnswer, EditAnswer, Span, Wording
from server.web.api.registry import Api
from server.web.api.show import show_change
from server.web.context import context
from server.web.errors import problem


def _written_out(value: object) -> object:
    """Days as in ISO 8601 and no other way: a bare number would pass for a moment of 1970."""
    if isinstance(value, str) and not _DAY.fullmatch(value):
        raise ValueError("write a day as YYYY-MM-DD")
    return value


_DAY = re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII)
Day = Annotated[date, BeforeValidator(_written_out)]


class ChangesQuery(BaseModel):
    """Which changes to list."""

    model_config = ConfigDict(extra="forbid")

    level: Literal["", "material", "notable", "noise"] = Field("", description="Leave out for material and notable")
    kind: Literal[
        "", "training", "sharing", "anti_scraping", "operation", "ai_features", "conduct", "wording", "technical"
    ] = ""
    direction: Literal["", "worse", "better", "neutral"] = ""
    since: Day | None = Field(None, description="First day, such as 2025-01-31", examples=["2025-01-31"])
    until: Day | None = Field(None, description="First day no longer listed", examples=["2026-01-31"])
    limit: int = Field(50, ge=1, le=200, description="How many to list, 1 to 200; 50 when it is left out")
    cursor: str = Field("", max_length=80, description="The next of the page before")

    @field_validator("cursor")
    @classmethod
    def _readable(cls, value: str) -> str:
        if value:
            read_cursor(value)
        return value


def read_cursor(cursor: str) -> tuple[datetime, int]:
    """Where the page before ended; ValueError when it is none of ours."""
    try:
        moment, _, id_ = base64.urlsafe_b64decode(cursor.encode("ascii")).decode("ascii").partition("|")
        parsed = datetime.fromisoformat(moment)
        if parsed.tzinfo is None or not 0 < int(id_) < 2**31:
            raise ValueError
        return parsed.astimezone(UTC), int(id_)
    except (ValueError, OverflowError, UnicodeError) as why:
        raise ValueError("write the `next` of the page before") from why


def write_cursor(row: ChangeRow) -> str:
    """Where a page ends that ends with `row`."""
    return base64.urlsafe_b64encode(f"{row.happened_to.isoformat()}|{row.id}".encode()).decode("ascii")


def list_changes(query: ChangesQuery, platform: str = "") -> ChangesAnswer:
    """One page of changes."""
    wanted = Filter(
        platform=platform,
        level=query.level,
        kind=query.kind,
        direction=query.direction,
        since=_midnight(query.since),
        until=_midnight(query.until),
    )
    here = context()
    after = read_cursor(query.cursor) if query.cursor else None
    with here.read() as session:
        rows = list(changes.page(session, wanted, after=after, limit=query.limit + 1))
    more = len(rows) > query.limit
    rows = rows[: query.limit]
    shown = [show_change(row, here.public_url) for row in rows]
    return ChangesAnswer(changes=shown, next=write_cursor(rows[-1]) if more else None)


def _midnight(day: date | None) -> datetime | None:
    return datetime.combine(day, time(), UTC) if day else None


def register(api: Api) -> None:
    """Adds the endpoints."""

    @api.get("/changes", query=ChangesQuery, returns=ChangesAnswer)
    def all_changes(query: ChangesQuery) -> ChangesAnswer:
        """List changes of all platforms, newest first."""
        return list_changes(query)

    @api.get("/changes/<int:id>", returns=ChangeDetailAnswer, errors=[404])
    def change(id: int) -> ChangeDetailAnswer:
        """Show one change word by word, with both readings and the evidence."""
        return find_change(id) or problem(404, why_not(id))  # type: ignore[return-value]


def find_change(id: int) -> ChangeDetailAnswer | None:
    """A published change with its passages; None when there is none of that id."""
    here = context()
    with here.read() as session:
        row = changes.get(session, id) if id < 2**31 else None
        if row is None or row.state != changes.PUBLISHED:
            return None
        before, after = session.get_one(VersionRow, row.before_id), session.get_one(VersionRow, row.after_id)
        said = session.get(AnnouncementRow, row.announcement_id) if row.announcement_id else None
        return ChangeDetailAnswer(
            **show_change(row, here.public_url).model_dump(),
            before=_wording(captures.evidence(session, before.id), before, row.before),
            after=_wording(captures.evidence(session, after.id), after, row.after),
            edits=show_edits(before.text, after.text),
            announcement=said.url if said else "",
            effective=row.effective,
            days_left=days_left(row.effective, here.clock.now().date()),
        )


def why_not(id: int) -> str:
    """Why no change of that id is shown. Links to one that we told and took back are still about."""
    with context().read() as session:
        row = changes.get(session, id) if id < 2**31 else None
    if row is not None and row.state == changes.WITHDRAWN:
        return f"Change {id} is withdrawn: what it told did not hold."
    return f"There is no change {id}."


def _wording(evidence: tuple[str, str], version: VersionRow, reading: dict[str, object]) -> Wording:
    url, sha256 = evidence
    return Wording.model_validate(
        {
            **{key: reading[key] for key in ("training", "sharing", "anti_scraping")},
            "first_seen": version.first_seen,
            "last_seen": version.last_seen,
            "capture_url": url,
            "sha256": sha256,
        }
    )


def show_edits(old: str, new: str) -> list[EditAnswer]:
    """What differs between two texts, word by word; passages that only moved are left out."""
    return [
        EditAnswer(
            op=edit.op,
            old_line=edit.old_line,
            new_line=edit.new_line,
            words=[Span.model_validate({"op": op, "text": text}) for op, text in word_diff(edit.old, edit.new)],
        )
        for edit in edits(cut(old), cut(new))
        if edit.op != "moved"
    ]
