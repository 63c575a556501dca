"""What is told follows from what was told: once when it begins, once when it is over, never for what comes and goes."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from dashboard.reports.notices import Line
from dashboard.reports.observations import Observation
from office import alerts
from office.alerts import News, State
from office.store import Office
from pipeline.alert_changes import compare
from pipeline.quiet_hours import QuietHours

WEEKS = ("2026-10-05", "2026-10-12", "2026-10-19", "2026-10-26", "2026-11-02", "2026-11-09")
TOLD, ENDED = Line("worse", "Days to pay", "34 days."), Line("recovered", "Days to pay", "30 days.")


def seen(
    is_active: bool | None, week: str | None, variant: str = "above", level: int = 0, key: str = "signal:days_to_pay"
) -> Observation:
    return Observation(key, "signals", is_active, week, variant if is_active else "", level, TOLD, ENDED)


def story(observations: Sequence[Observation]) -> list[list[str]]:
    """What is told after each of a row of publications."""
    states: dict[str, State] = {}
    told = []
    for number, one in enumerate(observations):
        changes, states = compare(states, [one], f"2026-11-{number + 1:02d}T06:00:00")
        told.append([change.kind for change in changes])
    return told


def test_what_lasts_is_told_once_and_its_end_after_two_complete_periods() -> None:
    weeks = [
        seen(is_active, week) for is_active, week in zip((False, True, True, False, False, False), WEEKS, strict=True)
    ]
    assert story(weeks) == [[], ["new"], [], [], ["recovered"], []]


def test_what_comes_and_goes_every_week_is_told_once() -> None:
    assert story([seen(number % 2 == 0, week) for number, week in enumerate(WEEKS)]) == [["new"], [], [], [], [], []]


def test_the_same_week_built_anew_takes_nothing_back() -> None:
    first, second, third = WEEKS[:3]
    rebuilt = [seen(True, first), seen(False, first), seen(True, first), seen(False, first), seen(False, second)]
    assert story(rebuilt) == [["new"], [], [], [], []]
    assert story([seen(True, first), seen(False, second), seen(False, second), seen(False, third)])[-2:] == [
        [],
        ["recovered"],
    ]


def test_what_is_not_known_changes_nothing() -> None:
    first, second, third, fourth = WEEKS[:4]
    unknown = [seen(True, first), seen(None, second), seen(False, third), seen(None, fourth), seen(False, WEEKS[4])]
    assert story(unknown) == [["new"], [], [], [], ["recovered"]]
    assert story([seen(None, first), seen(None, second)]) == [[], []]


def test_the_other_side_is_news_and_so_is_what_gets_worse() -> None:
    first, second, third = WEEKS[:3]
    assert story([seen(True, first, "above"), seen(True, second, "below"), seen(True, third, "below")]) == [
        ["new"], ["new"], [],
    ]  # fmt: skip
    levels = [seen(True, None, level=level, key="restatement:2026-W44:amount_paid") for level in (1, 1, 3, 2, 3, 4)]
    assert story(levels) == [["new"], [], ["worse"], [], [], ["worse"]]


def test_what_has_no_periods_is_over_at_once() -> None:
    stale = [seen(is_active, None, key="source:erp.payables") for is_active in (True, True, False, False, True)]
    assert story(stale) == [["new"], [], ["recovered"], [], ["new"]]


def test_what_is_watched_no_more_is_forgotten_without_a_word() -> None:
    _changes, states = compare({}, [seen(True, WEEKS[0])], "2026-10-12T06:00:00")
    assert set(states) == {"signal:days_to_pay"}
    assert compare(states, [], "2026-10-19T06:00:00") == ([], {})


@pytest.fixture
def office(tmp_path: Path) -> Office:
    return Office(tmp_path)


def news(change: str, key: str = "signal:days_to_pay", sentence: str = "34 days.") -> News:
    return News(key, "signals", change, {"mark": "worse", "name": "Days to pay", "sentence": sentence, "link": None})


def kept(office: Office, *changes: News) -> list[tuple[str, str]]:
    for one in changes:
        alerts.keep(office, "board", [], [one])
    return [(one.change, one.line["sentence"]) for one in alerts.waiting(office, "board")]


def test_what_began_and_was_over_while_it_waited_is_not_told(office: Office) -> None:
    assert kept(office, news("new"), news("recovered")) == []


def test_what_got_worse_while_it_waited_is_told_as_it_is_now(office: Office) -> None:
    assert kept(office, news("new"), news("worse", sentence="40 days.")) == [("new", "40 days.")]
    assert kept(office, news("recovered", "other")) == [("new", "40 days."), ("recovered", "34 days.")]


def test_a_batch_keeps_its_name_until_it_is_dropped_and_later_news_are_of_the_next(office: Office) -> None:
    kept(office, news("new"))
    batch, is_first, taken = alerts.take_batch(office, "board")
    assert (is_first, len(taken)) == (True, 1)
    kept(office, news("new", "another"))
    assert alerts.take_batch(office, "board") == (batch, True, taken), "as after a kill"
    alerts.drop_batch(office, batch)
    second, is_first, taken = alerts.take_batch(office, "board")
    assert second != batch
    assert (is_first, [one.key for one in taken]) == (False, ["another"])
    alerts.drop_batch(office, second)
    assert alerts.waiting(office, "board") == []
    assert alerts.audiences_waiting(office) == []


def test_an_audience_that_nobody_knows_has_no_states(office: Office) -> None:
    assert alerts.states(office, "board") is None
    state = State("signal:nps", "signals", "below", 0, "2026-11-02T06:00:00", "2026-10-26", None)
    alerts.keep(office, "board", [state], [])
    assert alerts.states(office, "board") == {"signal:nps": state}


@pytest.mark.parametrize(
    ("hours", "quiet", "loud"),
    [
        ("20:00-07:00", ("23:30", "06:59", "20:00"), ("07:00", "12:00", "19:59")),
        ("12:00-13:30", ("12:00",), ("13:30",)),
    ],
)
def test_quiet_hours_are_of_the_company_and_may_cross_midnight(
    hours: str, quiet: tuple[str, ...], loud: tuple[str, ...]
) -> None:
    parsed = QuietHours.parse(hours)
    for text, expected in [(text, True) for text in quiet] + [(text, False) for text in loud]:
        local = datetime.fromisoformat(f"2026-11-22T{text}")
        assert parsed.hold(local + timedelta(hours=3)) is expected, text  # São Paulo is three hours behind UTC
    for wrong in ("20-7", "25:00-07:00", "07:00-07:00"):
        with pytest.raises(ValueError):
            QuietHours.parse(wrong)
