"""People: headcount from opening to closing, who leaves where, hours lost, and what a head costs. Small groups are merged."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import cast

import polars as pl

from dashboard import formats, vocabulary
from dashboard.charts.bars import Bar, horizontal_bars
from dashboard.charts.columns import Part, stacked_columns
from dashboard.charts.template import BETTER, ORDINARY, WORSE
from dashboard.charts.waterfall import Step, waterfall_chart
from dashboard.components.area import empty, grain, listing, panel, recent_words
from dashboard.components.panels.timelines import known_over_periods, period_table, running_note, since_words, summed
from dashboard.language import _, active, plural
from dashboard.published import Publication
from dashboard.queries import values
from dashboard.queries.definitions import definitions
from dashboard.queries.people import QUERIES
from dashboard.queries.windows import ask, window
from kpis.periods import year_before

SMALLEST = 5.0  # people; what fewer would show is told of them together, or not at all
MONTHS = 13
PAYROLL = "payroll_cost_per_employee"


@dataclass(frozen=True)
class Team:
    """A department, or small ones together: its mean headcount and those who left."""

    department: str
    headcount: float
    leavers: int
    voluntary: int


def grouped(teams: Sequence[Team]) -> list[Team]:
    """Teams of fewer than five people put together, with the next smallest too where they are still fewer."""
    ordered = sorted(teams, key=lambda team: team.headcount)
    small: list[Team] = []
    while ordered and (ordered[0].headcount < SMALLEST or (small and sum(t.headcount for t in small) < SMALLEST)):
        small.append(ordered.pop(0))
    if not small:
        return ordered
    together = Team(
        small[0].department if len(small) == 1 else "grouped", sum(team.headcount for team in small),
        sum(team.leavers for team in small), sum(team.voluntary for team in small),
    )  # fmt: skip
    # Nobody left to hide them among: fewer than five people in all are not shown.
    return [*ordered, together] if together.headcount >= SMALLEST else ordered


def _too_few(publication: Publication, unit: str, question: str) -> None:
    text = _("Fewer than five people: a figure would tell who it is about.")
    empty(publication, "fct_headcount_days", unit, question, text)


def headcount_bridge(publication: Publication, unit: str) -> None:
    """Opening headcount, hires, leavers, closing headcount of the last complete period: they add up."""
    days = window(publication, grain())
    period = formats.period(days.start, days.grain)
    question = _("How did the headcount change?")
    rows = ask(publication, QUERIES["headcount"], unit, days.grain)
    definition = definitions(publication, active()).get("headcount")
    if rows.is_empty() or definition is None:
        empty(publication, "fct_headcount_days", unit, question, _("No headcount is known."))
        return
    opening, admissions, voluntary, others, closing = rows.row(0)
    labels = (_("at the beginning"), _("hired"), _("resigned"), _("left otherwise"), _("at the end"))
    amounts = (opening, admissions, -voluntary, -others, closing)
    steps = [
        Step(label, value, place in (0, 4)) for place, (label, value) in enumerate(zip(labels, amounts, strict=True))
    ]
    answer = _("{period}: {change}, from {opening} to {closing} people.").format(
        period=period, change=formats.number(closing - opening, signed=True), opening=formats.number(opening),
        closing=formats.number(closing),
    )  # fmt: skip
    note = _("People count in the unit of their present record; interns and contractors are not counted.")
    panel(publication, question, answer, waterfall_chart(steps, definition), "headcount_bridge",
          pl.DataFrame({"step": labels, "people": amounts}), kpi="headcount", note=note)  # fmt: skip


def turnover_by_department(publication: Publication, unit: str) -> None:
    """Leavers by mean headcount of each department, the highest first."""
    question = _("Where do people leave?")
    rows = ask(publication, QUERIES["turnover"], unit, grain())
    teams = grouped([Team(name, people, left, own) for name, left, own, people in rows.iter_rows()])
    teams = [team for team in teams if team.headcount]
    if not teams:
        _too_few(publication, unit, question)
        return
    teams.sort(key=lambda team: team.leavers / team.headcount, reverse=True)
    bars = []
    for team in teams:
        left = plural("{count} leaver", "{count} leavers", team.leavers).format(count=formats.number(team.leavers))
        text = f"{formats.percent(team.leavers / team.headcount)} · {formats.number(team.leavers)}"
        label = vocabulary.member(team.department)
        hover = f"{label}: {left}, " + _("{people} people on average").format(people=formats.number(team.headcount, 1))
        bars.append(Bar(label, team.leavers / team.headcount, text, ORDINARY, hover))
    left, people = sum(team.leavers for team in teams), sum(team.headcount for team in teams)
    answer = _("Leavers: {leavers} to an average of {people} people ({share}), {own} by their own wish, {span}.").format(
        leavers=formats.number(left), people=formats.number(people), share=formats.percent(left / people),
        own=formats.number(sum(team.voluntary for team in teams)), span=recent_words(grain()),
    )  # fmt: skip
    table = pl.DataFrame(
        {
            "department": [team.department for team in teams],
            "average_headcount": [team.headcount for team in teams],
            "leavers": [team.leavers for team in teams],
            "voluntary_leavers": [team.voluntary for team in teams],
        }
    )
    panel(publication, question, answer, horizontal_bars(bars), "turnover_by_department", table, kpi="turnover",
          note=_("Leavers as a share of the average headcount, and their number; groups under five are put together."))  # fmt: skip


def absence(publication: Publication, unit: str) -> None:
    """Hours lost as a share of contracted hours by period, unjustified ones apart."""
    question = _("How many hours are lost?")
    days = window(publication, grain())
    rows = ask(publication, QUERIES["absence"], unit, days.grain)
    if rows.is_empty() or not summed(rows, "contracted_hours") or max(rows["headcount"].to_list()) < SMALLEST:
        _too_few(publication, unit, question)
        return
    names = ("justified_hours", "unjustified_hours")
    contracted_rows = rows.filter(pl.col("contracted_hours") > 0).with_columns(
        pl.col(names) / pl.col("contracted_hours")
    )
    shares = known_over_periods(contracted_rows, days, names)
    parts = [
        Part(_("justified"), ORDINARY, shares["justified_hours"]),
        Part(_("unjustified"), WORSE, shares["unjustified_hours"]),
    ]
    lost, contracted = (
        summed(rows, "justified_hours") + summed(rows, "unjustified_hours"),
        summed(rows, "contracted_hours"),
    )
    answer = _("{share} of the contracted hours ({hours} h), {unjustified} of them unjustified, {span}.").format(
        share=formats.percent(lost / contracted), hours=formats.number(lost),
        unjustified=formats.percent(summed(rows, "unjustified_hours") / lost if lost else 0, 0), span=since_words(days),
    )  # fmt: skip
    note = (
        _(":gray[■] justified · :orange[■] unjustified, as a share of the contracted hours")
        + " · "
        + running_note(days)
    )
    figure = stacked_columns(
        days.starts, parts, days.grain, lambda share: formats.percent(share, 1), is_running=days.is_running
    )
    panel(publication, question, answer, figure, "absence", period_table(rows.drop("headcount"), days), kpi="absenteeism", note=note)  # fmt: skip


def payroll_per_head(publication: Publication, unit: str) -> None:
    """What an employee costs a month, against the same month of the year before: the published figure of the KPI."""
    question = _("What does an employee cost a month?")
    dimension, member = ("total", "total") if unit == "all" else ("business_unit", unit)
    points = values.series(publication, PAYROLL, "month", dimension, member, 2 * MONTHS)
    costs = {point.period_start: point.value for point in points if point.value is not None}
    if not costs:
        empty(publication, "fct_payroll_months", unit, question, _("No payroll of five people or more."))
        return
    starts = list(costs)[-MONTHS:]
    before = [costs.get(cast(date, year_before(start, "month"))) for start in starts]
    last = starts[-1]
    answer = _("{period}: {cost} for each person of the average headcount").format(
        period=formats.period(last, "month"), cost=formats.money(costs[last], 0)
    )
    if before[-1] is not None:
        answer += _("; {change} against {period}").format(
            change=formats.percent(costs[last] / before[-1] - 1, signed=True),
            period=formats.period(cast(date, year_before(last, "month")), "month"),
        )
    parts = [Part(_("a head"), BETTER, [costs[start] for start in starts])]
    figure = stacked_columns(starts, parts, "month", formats.money_compact, before=before)
    rows = [
        (formats.period(point.period_start, "month"), point.denominator, point.numerator, point.value)
        for point in reversed(points)
        if point.value is not None
    ]
    table = pl.DataFrame(rows, schema=["period", "average_headcount", "cost_brl", "cost_per_person_brl"], orient="row")
    panel(publication, question, answer + ".", figure, "payroll_per_head", table, kpi=PAYROLL,
          note=_(":blue[■] pay, charges and benefits a head · grey line: a year before"))  # fmt: skip


def trainings(publication: Publication, unit: str) -> None:
    """The courses by hours; those that fewer than five people took are left out."""
    rows = ask(publication, QUERIES["trainings"], unit, grain())
    answer = _("No course that five people took: {span}.").format(span=recent_words(grain()))
    if not rows.is_empty():
        courses, hours = rows.select("courses", "all_hours").row(0)
        answer = plural(
            "{hours} hours in {count} course of five people or more, {span}.",
            "{hours} hours in {count} courses of five people or more, {span}.", courses,
        ).format(hours=formats.number(hours), count=formats.number(courses), span=recent_words(grain()))  # fmt: skip
        rows = rows.drop("courses", "all_hours")
    listing(publication, "fct_trainings", unit, _("What are people trained in?"), answer, rows, kpi="training_hours")
