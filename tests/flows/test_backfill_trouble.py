"""Backfill from an archive on a bad day: slow, closed, cut, shown elsewhere. That costs requests, never truth."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from threading import Event

import pytest

from server.flows.backfill import Backfilled, backfill
from server.sources import archive
from server.store.session import Transaction
from tests.flows.test_backfill import DOCUMENT, NEW, NEWER, OLD, monthly, parts_for, run
from tests.sources.archive_server import ArchiveServer

YEAR = monthly(*[OLD] * 4, *[NEW] * 4, *[NEWER] * 4)
CHANGES = [(4, 5), (8, 9)]
"""The months between which the recorded changes lie."""
Answer = tuple[int, dict[str, str], bytes]


@dataclass
class Troubled(ArchiveServer):
    """An archive that has trouble with the captures for which `strikes` holds: their month, and how often asked."""

    trouble: str = ""
    strikes: Callable[[int, int], bool] = lambda month, time: False
    asked: Counter[str] = field(default_factory=Counter)
    silent: bool = False
    """Whether it answers nothing at all."""
    let_go: Event = field(default_factory=Event)

    def __exit__(self, *_: object) -> None:
        self.let_go.set()
        super().__exit__()

    def answer(self, path: str) -> Answer:
        """See ArchiveServer."""
        if self.silent:
            self.let_go.wait(60)
        usual = super().answer(path)
        if "id_/" not in path:
            return usual
        self.asked[path] += 1
        return self._troubled(usual) if self.strikes(int(path[9:11]), self.asked[path]) else usual

    def _troubled(self, usual: Answer) -> Answer:
        status, headers, body = usual
        if self.trouble == "slow":
            self.let_go.wait(60)
        return {
            "slow": usual,
            "429": (429, {"Retry-After": "120"}, b""),
            "503": (503, {"Retry-After": "30"}, b""),
            "500": (500, {}, b""),
            "403": (403, {}, b""),
            "cut": (status, headers | {"Content-Length": str(2 * len(body))}, body),
            "another address": (302, {"Location": f"/web/20231231000000id_/{DOCUMENT.urls[0]}"}, b""),
            "another moment": (status, headers | {"Memento-Datetime": "Sun, 31 Dec 2023 00:00:00 GMT"}, NEWER),
        }[self.trouble]


def once(month: int, time: int) -> bool:
    """Every capture at first, none afterwards."""
    return time == 1


def every_third(month: int, time: int) -> bool:
    """March, June, September and December, always."""
    return month % 3 == 0


def months(result: Backfilled) -> list[tuple[int, int]]:
    """The months between which each change lies."""
    return [(change.after.month if change.after else 0, change.before.month) for change in result.changes]


def true(found: list[tuple[int, int]]) -> bool:
    """Whether each change found has one of the recorded in it: wider intervals are true, too."""
    return all(any(after <= a and b <= before for a, b in CHANGES) for after, before in found)


@pytest.mark.parametrize("trouble", ["429", "503", "500", "cut"])
def test_trouble_that_passes_loses_nothing(write: Transaction, trouble: str) -> None:
    with Troubled(YEAR, trouble=trouble, strikes=once) as server:
        result = run(server, write, patience=1e6)
        assert (months(result), result.outcome, result.wordings) == (CHANGES, "complete", 3)
        assert set(server.asked.values()) == {2}, "tried again once, and never after that"
        assert run(server, write).requests == 1, "the list"


@pytest.mark.parametrize("trouble", ["500", "cut", "another address", "another moment"])
def test_trouble_that_lasts_widens_intervals_and_makes_no_change(write: Transaction, trouble: str) -> None:
    with Troubled(YEAR, trouble=trouble, strikes=every_third) as server:
        result = run(server, write)
        assert (months(result), result.wordings) == ([(4, 5), (8, 10)], 3)
        assert result.requests <= 1 + 8 + 2 * 4, "each bad capture twice at most"
        again = run(server, write)
    assert months(again) == months(result)
    assert (again.requests == 1) == (trouble != "500"), "only an archive's own trouble is asked about again"


def test_captures_that_are_kept_from_us_keep_no_other_from_its_turn(write: Transaction) -> None:
    with Troubled(YEAR, trouble="403", strikes=every_third) as server:
        result = run(server, write)
        assert (months(result), result.outcome) == ([(4, 5), (8, 10)], "complete")
        assert result.requests == 1 + 12, "each once"
    with Troubled(YEAR, trouble="403", strikes=lambda month, time: True) as server:
        closed = run(server, write)
    assert (closed.outcome, closed.requests) == ("failed", 1 + 6), "an archive that gives nothing is left alone"


def test_a_capture_that_comes_too_slowly_is_left_for_the_next_run(
    write: Transaction, monkeypatch: pytest.MonkeyPatch
) -> None:
    """March and September are slow at first, June always."""

    def strikes(month: int, time: int) -> bool:
        return month == 6 or (month in {3, 9} and time == 1)

    monkeypatch.setattr(archive, "REPLAY_SECONDS", 1.0)  # it may take a minute; a test cannot wait for that
    with Troubled(YEAR, trouble="slow", strikes=strikes) as server:
        result = run(server, write)
        again = run(server, write)
    assert months(result) == months(again) == CHANGES
    assert (result.requests, again.requests) == (1 + 12 + 3, 1 + 2)


@pytest.mark.parametrize("trouble", ["429", "503"])
def test_a_closed_archive_ends_each_run_and_every_run_brings_more(write: Transaction, trouble: str) -> None:
    with Troubled(YEAR, trouble=trouble, strikes=once) as server:
        runs = [run(server, write) for _ in YEAR]
        last = run(server, write)
    assert [one.outcome for one in runs] == ["busy"] * len(YEAR)
    assert all(one.requests <= 3 and one.retry_after and true(months(one)) for one in runs)
    assert (last.outcome, months(last)) == ("complete", CHANGES)


def test_a_budget_holds_in_trouble_too(write: Transaction) -> None:
    with Troubled(YEAR, trouble="500", strikes=once) as server:
        runs = [run(server, write, budget=7) for _ in range(4)]
        while runs[-1].outcome == "budget" and len(runs) < 12:
            runs.append(run(server, write, budget=7))
    assert all(one.requests <= 7 and true(months(one)) for one in runs)
    assert (runs[-1].outcome, months(runs[-1])) == ("complete", CHANGES)


def test_a_list_that_never_comes_ends_the_run_and_leaves_what_is_known(
    write: Transaction, monkeypatch: pytest.MonkeyPatch
) -> None:
    with Troubled(YEAR) as server:
        before = run(server, write, budget=6)
        monkeypatch.setattr(archive, "LIST_SECONDS", 0.5)
        server.silent = True
        after = run(server, write)
    assert (after.outcome, after.requests) == ("failed", archive.TRIES)
    assert months(after) == months(before) != []


def test_an_interrupted_run_asks_for_nothing_twice(write: Transaction) -> None:
    def interrupt(so_far: Backfilled, _: str) -> None:
        if sum(so_far.kinds.values()) == 5:
            raise KeyboardInterrupt

    with Troubled(YEAR) as server:
        with pytest.raises(KeyboardInterrupt):
            backfill(replace(parts_for(server, write), told=interrupt), DOCUMENT)
        result = run(server, write)
        assert (months(result), set(server.asked.values())) == (CHANGES, {1})
