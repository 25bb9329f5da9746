"""Replaying a recorded history: what is confirmed is judged as a live change is."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from server.core.model import Direction
from server.flows.replay import Alert, Rules, replay_document
from server.sources.recorded import Record, RecordedDocument

BEGAN = datetime(2026, 1, 1, tzinfo=UTC)
RULE = "We use your listings to train machine learning models."
REWORDED = "We use your listings to train the machine learning models."
WAY_OUT = "If you would rather not have your listings used for this, you may opt out at any time in your settings."
NEWSLETTER = "If you would rather not have our newsletter, you may opt out of it at any time in your settings."


def terms(*rules: str) -> str:
    """Terms with these rules in one paragraph."""
    frame = ("You keep your looms.", "Write to us when something is wrong. We answer within a week, on working days.")
    return "\n\n".join([frame[0], " ".join(rules), frame[1]])


def alerts(*texts: str) -> list[Alert]:
    """What a replay tells of these texts, each of which stood for 30 days."""
    records = [Record(BEGAN + timedelta(days=30 * n), f"c{n}", str(n)) for n in range(len(texts))]
    document = RecordedDocument("Loomery", "Terms of Service", records)
    return replay_document(document, lambda blob: texts[int(blob)], BEGAN + timedelta(days=999), Rules()).alerts


@pytest.mark.parametrize(
    ("before", "after", "found"),
    [
        pytest.param((RULE, WAY_OUT), (REWORDED,), [Direction.WORSE], id="the way out goes with a word of the rule"),
        pytest.param((REWORDED,), (RULE, WAY_OUT), [Direction.BETTER], id="and comes with one"),
        pytest.param((RULE, NEWSLETTER), (REWORDED,), [], id="a way out of something else goes"),
        pytest.param((RULE, WAY_OUT), (REWORDED, WAY_OUT), [], id="a word of the rule changes"),
        pytest.param((), (RULE,), [Direction.WORSE], id="a permission comes"),
    ],
)
def test_a_replay_judges_as_the_live_stream_does(
    before: tuple[str, ...], after: tuple[str, ...], found: list[Direction]
) -> None:
    assert [alert.change.direction for alert in alerts(terms(*before), terms(*after))] == found
