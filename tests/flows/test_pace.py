"""Even spacing: at the rate on average, never a burst, gently faster after a hold-up."""

from __future__ import annotations

import pytest

from server.flows.pace import CATCH_UP, Pace


class Time:
    """A time that passes only when somebody sleeps."""

    def __init__(self) -> None:
        self.now = 100.0

    def sleep(self, seconds: float) -> None:
        """Lets time pass."""
        self.now += seconds


def sends(pace: Pace, time: Time, many: int, hold_up_at: int = -1, hold_up: float = 0.0) -> list[float]:
    """The moments at which `many` messages go."""
    found = []
    for number in range(many):
        if number == hold_up_at:
            time.now += hold_up
        pace.wait()
        found.append(time.now)
    return found


def a_pace(rate: float) -> tuple[Pace, Time]:
    """A pace with a time of its own."""
    time = Time()
    return Pace(rate, clock=lambda: time.now, sleep=time.sleep), time


def test_it_is_even() -> None:
    pace, time = a_pace(25)
    moments = sends(pace, time, 250)
    assert moments[-1] - moments[0] == pytest.approx(249 / 25)


@pytest.mark.parametrize(("hold_up", "made_up"), [(0.5, True), (60.0, False)])
def test_a_short_hold_up_is_made_up_for_without_a_burst(hold_up: float, made_up: bool) -> None:
    pace, time = a_pace(25)
    moments = sends(pace, time, 500, hold_up_at=10, hold_up=hold_up)
    busiest = max(sum(1 for other in moments if 0 <= other - at < 1.0) for at in moments)
    assert busiest <= 25 * CATCH_UP + 1
    wanted = 499 / 25 + (0.0 if made_up else hold_up)
    assert moments[-1] - moments[0] == pytest.approx(wanted, abs=0.1)


def test_without_a_rate_nothing_waits() -> None:
    pace, time = a_pace(0)
    assert len(set(sends(pace, time, 100))) == 1
