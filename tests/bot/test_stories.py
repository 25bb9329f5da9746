"""Stored changes as stories: what is told of uploads is said of uploads."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from bot import phrases
from bot.i18n import words
from bot.stories import story
from server.core.model import Models, Reading, Stance, Subject
from server.store.readings import to_data
from server.store.tables import ChangeRow
from tests import shipped

NOW = datetime(2026, 1, 7, tzinfo=UTC)
SILENT = Reading(training=Stance.SILENT, sharing=Stance.SILENT, confidence="high")


def _permits(subject: Subject, models: Models = Models.UNSPECIFIED) -> Reading:
    return Reading(training=Stance.PERMITS, sharing=Stance.PERMITS, subject=subject, models=models, confidence="high")


@pytest.mark.parametrize(
    ("kind", "after", "says"),
    [
        ("training", _permits(Subject.DATA), "The rules on AI training changed."),
        ("training", _permits(Subject.CONTENT, Models.FEATURES), "The rules on AI training changed."),
        # look-alikes
        ("training", _permits(Subject.CONTENT), "The terms now let it train AI on what you upload."),
        ("training", _permits(Subject.BOTH), "The terms now let it train AI on what you upload."),
        ("sharing", _permits(Subject.DATA), "The terms now let it pass what you upload on for AI training."),
    ],
)
def test_leave_to_train_on_data_about_use_is_not_told_as_one_to_train_on_uploads(
    kind: str, after: Reading, says: str
) -> None:
    row = ChangeRow(
        id=1,
        platform="soundcloud",
        document="soundcloud/terms",
        level="material",
        kind=kind,
        direction="worse",
        happened_to=NOW,
        found_at=NOW,
        quote_before="",
        quote_after="",
        before=to_data(SILENT),
        after=to_data(after),
    )
    told = story(row, shipped.platforms(), "")
    assert phrases.headline(words("en"), told.kind, told.before, told.after) == says
