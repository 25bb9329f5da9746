"""Backfill: what an archive held becomes versions and changes with intervals; nothing is asked twice or is news."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from sqlalchemy import select

from server.core.model import CaptureKind, Document
from server.flows.announce import withdraw
from server.flows.backfill import Backfilled, Backfiller, backfill
from server.flows.keep import Rules, Shown, keep_text
from server.sources.archive import Archive
from server.sources.gate import Gate, LocalLedger
from server.sources.http import Web
from server.store import captures
from server.store.session import Transaction
from server.store.tables import CaptureRow, ChangeRow, VersionRow
from server.store.tables_people import NoticeRow
from tests.fakes import FakeClock
from tests.sources.archive_server import ArchiveServer, Kept

DOCUMENT = Document("tunery", "terms", "Terms of Service", ("https://tunery.example/terms",))
BASE = """
You keep every right in the songs that you bring to Tunery. You let us store them, copy them to our machines and play
them to those whom you chose, for as long as they stay in your account. We may show your name and picture beside them.
When you take a song down, we stop playing it within a day and erase our copies within a month. You answer for what you
bring, and you have asked everybody whose work is in it. We may end your account when you break these rules, and we
tell you why. If a judge has to decide between us, it is the one at our seat. These rules can change, and we write to
you before they do. Nobody under sixteen may have an account without a parent who agrees to these rules as well.
"""
TRAINING = "We may use the songs that you upload to train artificial intelligence models, our own and those of others."


def page(extra: str = "") -> bytes:
    """A page of the platform, with a frame around its terms."""
    words = "".join(f"<p>{part}</p>" for part in (BASE, BASE.replace("song", "tune"), extra))
    return f"<html><body><nav>Home</nav><main><h1>Terms</h1>{words}</main></body></html>".encode()


OLD, NEW, NEWER = page(), page(TRAINING), page("We never train models on what you upload.")
WALL = b"<html><title>Just a moment...</title><p>Checking your browser before you continue.</p></html>"


def parts_for(server: ArchiveServer, write: Transaction, patience: float = 0.0) -> Backfiller:
    ledger = LocalLedger(now=lambda: clock_of[0])
    clock_of = [0.0]

    def sleep(seconds: float) -> None:
        clock_of[0] += seconds

    gate = Gate(ledger, {}, patience=patience, sleep=sleep)
    archive = Archive(Web("test", allow_private=True), gate, server.url, sleep=sleep)
    return Backfiller(archive, write, write, FakeClock(datetime(2026, 1, 1, tzinfo=UTC)))


def run(server: ArchiveServer, write: Transaction, budget: int = 120, **options: float) -> Backfilled:
    return backfill(parts_for(server, write, **options), DOCUMENT, budget=budget)


def monthly(*bodies: bytes, year: int = 2024) -> list[Kept]:
    """One capture on the first of each month."""
    return [Kept(f"{year}{n:02}01000000", body) for n, body in enumerate(bodies, 1)]


def test_a_change_is_an_interval_and_keeps_its_evidence(transaction: Transaction) -> None:
    with ArchiveServer(monthly(OLD, OLD, OLD, NEW, NEW)) as server:
        result = run(server, transaction)
        [change] = result.changes
        assert (change.after, change.before) == (datetime(2024, 3, 1, tzinfo=UTC), datetime(2024, 4, 1, tzinfo=UTC))
        assert (change.level, change.kind, result.outcome, result.wordings) == ("material", "training", "complete", 2)
        with transaction() as opened:
            row = opened.scalars(select(ChangeRow)).one()
            assert (row.origin, row.platform) == ("backfill", "tunery")
            shown = captures.of_version(opened, row.after_id)
            assert shown is not None and shown.blob is not None
            assert captures.blob(opened, shown.blob) == NEW
            assert shown.url == f"{server.url}/web/20240401000000id_/https://tunery.example/terms"


@pytest.mark.parametrize("dialect", ["ia", "pywb", "memento"])
def test_every_dialect_gives_the_same_history(write: Transaction, dialect: str) -> None:
    with ArchiveServer(monthly(OLD, OLD, NEW, NEW), dialect) as server:
        assert [change.kind for change in run(server, write).changes] == ["training"]


@pytest.mark.parametrize(
    ("junk", "kind"),
    [
        pytest.param(Kept("20240315000000", WALL), "wall", id="a bot wall that says 200"),
        pytest.param(Kept("20240315000000", b"down", 503), "error", id="an archived error"),
        pytest.param(Kept("20240315000000", b"", 302, location="https://x.example/"), "redirect", id="a redirect"),
        pytest.param(Kept("20240315000000", b"<html><p>Terms</p></html>"), "near_empty", id="an empty page"),
        pytest.param(
            Kept("20240315000000", page().replace(b"You", b"Sie und wir").replace(b"and", b"und")), "", id="odd words"
        ),
    ],
)
def test_a_useless_capture_makes_no_change(write: Transaction, junk: Kept, kind: str) -> None:
    kept = sorted([*monthly(OLD, OLD, OLD, OLD, OLD), junk], key=lambda one: one.stamp)
    with ArchiveServer(kept) as server:
        result = run(server, write)
    assert result.changes == []
    assert not kind or result.kinds[kind] == 1


def test_another_language_is_no_version(write: Transaction) -> None:
    german = (
        "Die Rechte an allen Liedern bleiben bei dir, und wir dürfen sie nur so lange speichern, wie sie in deinem "
        "Konto stehen. Wenn du ein Lied löschst, löschen wir auch unsere Kopien innerhalb eines Monats. "
    ) * 6
    with ArchiveServer(monthly(OLD, f"<main><p>{german}</p></main>".encode(), OLD)) as server:
        result = run(server, write)
    assert (result.changes, result.kinds["other_language"]) == ([], 1)


def test_a_second_run_asks_for_nothing_that_is_kept(transaction: Transaction) -> None:
    bodies = [page(f"Rule {n // 3} of the house is that nobody whistles after ten.") for n in range(12)]
    with ArchiveServer(monthly(*bodies)) as server:
        first = run(server, transaction, budget=6)
        asked = set(server.log)
        second = run(server, transaction)
        replays = [path for path in server.log if "id_" in path]
        assert (first.outcome, second.outcome) == ("budget", "complete")
        assert first.requests == 6
        assert len(replays) == len(set(replays)), "each capture was asked for once"
        assert asked
        assert len(second.changes) == 3
        assert run(server, transaction).requests == 1


def test_what_a_person_withdrew_stays_so_however_often_the_past_is_read(transaction: Transaction) -> None:
    with ArchiveServer(monthly(OLD, OLD, NEW, NEW)) as server:
        [found] = run(server, transaction).changes
        with transaction() as opened:
            withdraw(opened, found.change_id, "misread", datetime(2026, 1, 1, tzinfo=UTC))
        assert run(server, transaction).changes == []
    with transaction() as opened:
        assert [row.state for row in opened.scalars(select(ChangeRow))] == ["withdrawn"]


def test_what_a_closer_look_withdrew_is_back_when_that_look_is_forgotten(transaction: Transaction) -> None:
    with ArchiveServer(monthly(OLD, OLD, NEW, NEW, NEWER, NEWER)) as server:
        [found] = run(server, transaction, budget=3).changes
        run(server, transaction)
        with transaction() as opened:
            row = opened.get_one(ChangeRow, found.change_id)
            between = ({row.before_id, row.after_id} ^ set(opened.scalars(select(VersionRow.id)))).pop()
            for capture in opened.scalars(select(CaptureRow).where(CaptureRow.version_id == between)):
                capture.kind, capture.version_id = CaptureKind.WALL, None
        assert [one.change_id for one in run(server, transaction, budget=2).changes] == [found.change_id]


def test_a_change_that_turns_out_to_be_two_is_withdrawn_for_them(transaction: Transaction) -> None:
    with ArchiveServer(monthly(OLD, OLD, NEW, NEW, NEWER, NEWER)) as server:
        assert len(run(server, transaction, budget=3).changes) == 1
        assert len(run(server, transaction).changes) == 2
    with transaction() as opened:
        states = [row.state for row in opened.scalars(select(ChangeRow).order_by(ChangeRow.id))]
    assert sorted(states) == ["published", "published", "withdrawn"]


def test_an_interval_narrows_without_a_second_change(write: Transaction) -> None:
    with ArchiveServer(monthly(OLD, OLD, OLD, OLD, NEW, NEW, NEW, NEW)) as server:
        [wide] = run(server, write, budget=3).changes
        [narrow] = run(server, write).changes
    assert wide.change_id == narrow.change_id
    assert narrow.before - (narrow.after or narrow.before) < wide.before - (wide.after or wide.before)


def test_captures_with_the_same_bytes_are_not_fetched_and_still_bound_the_change(write: Transaction) -> None:
    kept = [Kept(one.stamp, one.body, digest=str(len(one.body))) for one in monthly(*[OLD] * 6, *[NEW] * 6)]
    with ArchiveServer(kept) as server:
        result = run(server, write)
    [change] = result.changes
    assert result.requests == 3
    assert (change.after, change.before) == (datetime(2024, 6, 1, tzinfo=UTC), datetime(2024, 7, 1, tzinfo=UTC))


def test_a_429_stops_the_run_and_what_was_fetched_stays(write: Transaction) -> None:
    with ArchiveServer(monthly(OLD, OLD, NEW, NEW)) as server:
        server.answers = [server.answer("/cdx/search/cdx?url=x"), (429, {"Retry-After": "300"}, b"")]
        result = run(server, write)
        assert (result.outcome, result.requests) == ("busy", 2)
        assert result.retry_after == pytest.approx(300, abs=1)
        assert len(run(server, write).changes) == 1


def test_a_patient_run_waits_and_goes_on(write: Transaction) -> None:
    with ArchiveServer(monthly(OLD, OLD, NEW, NEW)) as server:
        server.answers = [server.answer("/cdx/search/cdx?url=x"), (429, {"Retry-After": "300"}, b"")]
        assert run(server, write, patience=600.0).outcome == "complete"


@pytest.mark.parametrize("answer", [(200, {"Content-Length": "9999"}, b"<p>cut"), (500, {}, b""), (404, {}, b"")])
def test_one_bad_answer_does_not_lose_the_change(write: Transaction, answer: tuple[int, dict[str, str], bytes]) -> None:
    with ArchiveServer(monthly(OLD, OLD, OLD, NEW, NEW, NEW)) as server:
        server.answers = [server.answer("/cdx/search/cdx?url=x"), answer]
        assert [change.kind for change in run(server, write).changes] == ["training"]


def test_an_archive_in_trouble_is_left_alone(write: Transaction) -> None:
    with ArchiveServer(monthly(*[page(f"Rule {n}") for n in range(12)])) as server:
        server.answers = [server.answer("/cdx/search/cdx?url=x"), *[(500, {}, b"")] * 50]
        result = run(server, write)
        assert result.outcome == "failed"
        assert len(server.log) < 10


def test_a_page_that_was_cut_twice_is_kept_as_incomplete(write: Transaction) -> None:
    cut = (200, {"Content-Length": "9999", "Memento-Datetime": "Mon, 01 Jan 2024 00:00:00 GMT"}, b"<p>cut")
    with ArchiveServer(monthly(OLD, OLD)) as server:
        server.answers = [server.answer("/cdx/search/cdx?url=x"), cut, cut]
        assert run(server, write).kinds[CaptureKind.INCOMPLETE.value] == 1


def test_changes_of_the_past_are_never_news_and_leave_the_live_stream_alone(transaction: Transaction) -> None:
    now = datetime(2024, 6, 1, tzinfo=UTC)
    live = Document("tunery", "terms", "Terms of Service", DOCUMENT.urls)
    with ArchiveServer(monthly(OLD, OLD, NEW, NEW, NEW, NEW, NEWER)) as server:
        with transaction() as opened:
            capture = captures.add(
                opened,
                document=live.key,
                source="live",
                url=live.urls[0],
                fetched_at=now,
                captured_at=now,
                status=200,
                media_type="text/html",
                headers=(),
                data=NEW,
            )
            text = "Terms\n\n" + "\n\n".join((BASE, BASE.replace("song", "tune"), TRAINING))
            keep_text(opened, live, capture, Shown(CaptureKind.POLICY, "", text), Rules(), now)
        result = run(server, transaction)
    with transaction() as opened:
        assert opened.scalars(select(NoticeRow)).all() == []
        assert len(opened.scalars(select(VersionRow)).all()) == 3
        assert len(opened.scalars(select(CaptureRow).where(CaptureRow.source == "live")).all()) == 1
    assert [change.before.month for change in result.changes] == [3], "what came after we began to watch is not ours"
