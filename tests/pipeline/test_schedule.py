"""When a run is due follows from the log of runs alone."""

from __future__ import annotations

from datetime import datetime, time, timedelta

import pytest

from office.runs import DONE, FAILED, KILLED, RUNNING, Run
from pipeline.failures import Failure
from pipeline.run_log import STOPPED
from pipeline.schedule import Schedule, due_at, in_words, read_period, read_schedule

HOURLY = Schedule(every=timedelta(hours=1))
MORNING = Schedule(at=(time(6),))  # 09:00 UTC in São Paulo
NOW = datetime(2026, 11, 23, 12)


def a_run(started_at: datetime, state: str = DONE, exit_code: int | None = None) -> Run:
    ended = None if state in (KILLED, RUNNING) else (started_at + timedelta(minutes=1)).isoformat()
    return Run(1, "run", "schedule", started_at.isoformat(), ended, state, exit_code, {}, "")


def ago(**span: float) -> datetime:
    return NOW - timedelta(**span)


@pytest.mark.parametrize("schedule", [HOURLY, MORNING])
def test_what_has_never_run_is_due_at_once(schedule: Schedule) -> None:
    assert due_at(schedule, [], NOW) <= NOW


def test_a_period_counts_from_the_start_of_the_last_run_that_was_done() -> None:
    assert due_at(HOURLY, [a_run(ago(minutes=20))], NOW) == ago(minutes=20) + timedelta(hours=1)
    assert due_at(HOURLY, [a_run(ago(hours=9))], NOW) <= NOW, "eight turns were missed, and one is made up for"
    assert due_at(HOURLY, [a_run(NOW), a_run(ago(hours=9))], NOW) == NOW + timedelta(hours=1)


def test_times_of_day_are_those_of_the_company() -> None:
    taken = a_run(datetime(2026, 11, 23, 9, 0, 5))
    assert due_at(MORNING, [taken], NOW) == datetime(2026, 11, 24, 9)
    assert due_at(MORNING, [a_run(datetime(2026, 11, 22, 9, 0, 5))], NOW) <= NOW, "today's was missed"
    assert due_at(MORNING, [a_run(datetime(2026, 11, 22, 9, 1))], datetime(2026, 11, 23, 8, 59)) == datetime(
        2026, 11, 23, 9
    )
    twice = Schedule(at=(time(6), time(23)))
    assert due_at(twice, [taken], NOW) == datetime(2026, 11, 24, 2), "23:00 in São Paulo is of the next day in UTC"


def test_changes_of_clocks_leave_no_day_out_and_take_none_twice() -> None:
    zone = Schedule(at=(time(2, 30),), time_zone="America/New_York")
    # 8 March 2026: 02:30 does not exist; an hour later it is.
    assert zone.turn_after(datetime(2026, 3, 8, 5)) == datetime(2026, 3, 8, 7, 30)
    assert zone.turn_after(datetime(2026, 3, 8, 7, 30)) == datetime(2026, 3, 9, 6, 30)
    night = Schedule(at=(time(1, 30),), time_zone="America/New_York")
    # 1 November 2026: 01:30 comes twice, and is taken the first time.
    assert night.turn_after(datetime(2026, 11, 1, 4)) == datetime(2026, 11, 1, 5, 30)
    assert night.turn_after(datetime(2026, 11, 1, 5, 30)) == datetime(2026, 11, 2, 6, 30)


def test_failures_are_tried_again_later_each_time_but_no_later_than_the_next_turn() -> None:
    done = a_run(ago(hours=30))
    failed = [a_run(ago(minutes=10), FAILED, 1)]
    assert due_at(MORNING, [*failed, done], NOW) == ago(minutes=4)
    failed = [a_run(ago(minutes=10), FAILED, 1), a_run(ago(minutes=30), KILLED), a_run(ago(minutes=50), FAILED, 4)]
    assert due_at(MORNING, [*failed, done], NOW) == ago(minutes=9) + timedelta(minutes=20)
    assert due_at(MORNING, [*failed * 20, done], NOW) == ago(minutes=9) + timedelta(hours=1)
    quick = Schedule(every=timedelta(seconds=2))
    assert due_at(quick, [a_run(ago(minutes=10), FAILED, 1), done], NOW) == ago(minutes=9) + timedelta(seconds=2)


def test_a_killed_run_counts_from_its_start_and_a_stopped_one_is_due_at_once() -> None:
    done = a_run(ago(hours=2))
    assert due_at(HOURLY, [a_run(ago(minutes=1), KILLED), done], NOW) == NOW + timedelta(minutes=4)
    assert due_at(HOURLY, [a_run(ago(minutes=1), FAILED, STOPPED), done], NOW) <= NOW


def test_runs_of_a_clock_that_was_ahead_are_passed_over() -> None:
    assert due_at(HOURLY, [a_run(NOW + timedelta(days=400)), a_run(ago(minutes=30))], NOW) == ago(minutes=-30)
    assert due_at(MORNING, [a_run(NOW + timedelta(days=400))], NOW) <= NOW


def test_options_are_read() -> None:
    assert read_schedule("90m", ()) == Schedule(every=timedelta(minutes=90))
    assert read_schedule(None, ["18:00", "6:00", "06:00"]) == Schedule(at=(time(6), time(18)))
    assert read_schedule(None, ()) is None
    assert [in_words(read_period(text)) for text in ("90m", "60m", "24h", "45s")] == ["90m", "1h", "1d", "45s"]
    for every, at in (("0h", ()), ("1 week", ()), ("1h", ["06:00"]), (None, ["24:00"]), (None, ["6h"])):
        with pytest.raises(Failure):
            read_schedule(every, at)
