"""What alerts watch, as it is published now: signals, targets, sources, tests and restatements, each with its sentence.

An observation does not know what was told before: that is compared elsewhere. The sentences are those of the overview
and the pack.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from dashboard.headlines import meets_target
from dashboard.published import Publication
from dashboard.queries import alerts as queries
from dashboard.queries.definitions import Definition, business_units, definitions
from dashboard.queries.values import Point
from dashboard.queries.weeks import complete_weeks, units_of_week, weeks_until
from dashboard.reports import alert_words as words
from dashboard.reports.content import Readers
from dashboard.reports.links import Links
from dashboard.reports.notices import Line
from dashboard.reports.restated_figures import restated_beyond
from dashboard.reports.weeks import week_name

TOPICS = ("signals", "targets", "sources", "tests", "restatements")
KEPT, LOST = ("will_pass",), ("will_fail",)


@dataclass(frozen=True)
class Observation:
    """One thing that is watched. `is_active` is None where it cannot be known now; then nothing changes.

    `variant` tells one state of the same thing from another (above its limits, below them), `level` how bad it is.
    `period` is the first day of the complete week that it is of; None where it has no periods. `told` is the line for
    when it begins, `ended` for when it is over.
    """

    key: str
    topic: str
    is_active: bool | None
    period: str | None = None
    variant: str = ""
    level: int = 0
    told: Line | None = None
    ended: Line | None = None


@dataclass(frozen=True)
class FailedBuild:
    """The last build was not published: the tests that failed, by name, with their KPIs; none where it was for another
    reason. The reason itself may quote a row of an export, which is nothing for a mail.
    """

    tests: Mapping[str, tuple[str, ...]]


@dataclass(frozen=True)
class Watch:
    """Who watches what: readers, topics, their links, and from which size on a restatement counts.

    `moment` is now, and `over_at` the instant at which the latest complete week was over (both naive UTC).
    """

    readers: Readers
    topics: tuple[str, ...]
    links: Links
    moment: datetime
    over_at: datetime
    restatement_tolerance: float = 0.01


@dataclass(frozen=True)
class Subject:
    """One KPI of the company or of a unit in the latest complete week."""

    kpi: Definition
    unit: str
    title: str
    point: Point | None
    is_behind: bool

    @property
    def key(self) -> str:
        """The KPI, and the unit where it is one's."""
        return f"{self.kpi.name}:{self.unit}" if self.unit else self.kpi.name


def observe(publication: Publication, watch: Watch, failed: FailedBuild | None) -> list[Observation]:
    """Everything that is watched, in the active language (the readers' must be active)."""
    readers = watch.readers
    known = definitions(publication, readers.language)
    shown = {
        name: kpi
        for name, kpi in known.items()
        if (not readers.areas or kpi.area in readers.areas) and (readers.sees_restricted or not kpi.restricted)
    }
    weeks = complete_weeks(publication)
    found: list[Observation] = []
    if weeks:
        behind = queries.kpis_behind(publication, watch.over_at)
        subjects = [one for one in _subjects(publication, readers, shown, weeks[0], behind) if one.kpi.headline]
        if "signals" in watch.topics:
            by_unit = units_of_week(publication, weeks[0]) if not readers.units else {}
            titles = business_units(publication)
            found += [_signal(one, weeks[0], by_unit.get(one.kpi.name, ()), titles, watch.links) for one in subjects]
        if "targets" in watch.topics:
            found += [_target(one, weeks[0], watch.links) for one in subjects]
        if "restatements" in watch.topics:
            found += _restatements(publication, watch, shown, weeks[0])
    if "sources" in watch.topics:
        found += _sources(publication, shown, watch)
    if "tests" in watch.topics:
        found += _tests(publication, shown, failed, watch.links)
    return found


def _subjects(
    publication: Publication, readers: Readers, shown: Mapping[str, Definition], start: date, behind: frozenset[str]
) -> Iterator[Subject]:
    titles = business_units(publication)
    members = [("business_unit", unit) for unit in readers.units] or [("total", "total")]
    for dimension, member in members:
        points = weeks_until(publication, start, dimension, member, 1)
        for name, kpi in shown.items():
            unit = member if dimension == "business_unit" else ""
            run = points.get(name, [])
            yield Subject(kpi, unit, titles.get(unit, unit), run[-1] if run else None, name in behind)


def _signal(
    subject: Subject, start: date, members: Sequence[Point], titles: Mapping[str, str], links: Links
) -> Observation:
    point, link = subject.point, links.kpi(subject.kpi.name, subject.unit)
    is_known = point is not None and point.value is not None and point.centre is not None and not subject.is_behind
    is_active = point.is_signal if is_known and point is not None else None
    return Observation(
        f"signal:{subject.key}",
        "signals",
        is_active,
        start.isoformat(),
        variant=("above" if point.is_above else "below") if is_active and point is not None else "",
        told=words.signal_begins(subject.kpi, subject.title, point, members, titles, link) if is_active else None,
        ended=words.signal_is_over(subject.kpi, subject.title, point, link) if is_active is False else None,
    )


def _target(subject: Subject, start: date, links: Links) -> Observation:
    """Lost where the process cannot reach it, or, without limits, where the figure misses it; a matter of chance is
    neither lost nor regained.
    """
    point, kpi = subject.point, subject.kpi
    is_lost: bool | None = None
    if point is not None and point.value is not None and point.target is not None and not subject.is_behind:
        if point.assurance is None:
            is_met = meets_target(point, kpi)
            is_lost = None if is_met is None else not is_met
        else:
            is_lost = True if point.assurance in LOST else False if point.assurance in KEPT else None
    link = links.kpi(kpi.name, subject.unit)
    return Observation(
        f"target:{subject.key}",
        "targets",
        is_lost,
        start.isoformat(),
        told=words.target_is_lost(kpi, subject.title, point, link) if is_lost else None,
        ended=words.target_is_regained(kpi, subject.title, point, link) if is_lost is False else None,
    )


def _restatements(
    publication: Publication, watch: Watch, shown: Mapping[str, Definition], start: date
) -> list[Observation]:
    titles = business_units(publication)
    found = []
    for row in restated_beyond(publication, watch.readers, shown, start, watch.restatement_tolerance):
        kpi, unit = shown[row["kpi"]], "" if row["dimension"] == "total" else row["member"]
        week = week_name(row["period_start"])
        line = words.figure_is_restated(kpi, titles.get(unit, unit), row, watch.links.kpi(kpi.name, unit))
        key = f"restatement:{week}:{kpi.name}" + (f":{unit}" if unit else "")
        found.append(Observation(key, "restatements", True, variant="", level=row["level"], told=line))
    return found


def _sources(publication: Publication, shown: Mapping[str, Definition], watch: Watch) -> list[Observation]:
    found, links = [], watch.links
    for source in queries.sources(publication, watch.moment):
        labels = [shown[name].label for name in source["kpis"] or () if name in shown]
        if labels:
            is_stale = source["state"] == "stale"
            line = words.source_is_stale(source, labels, links) if is_stale else None
            fresh = None if is_stale else words.source_is_fresh(source, labels, links)
            key = f"source:{source['source']}.{source['table_name']}"
            found.append(Observation(key, "sources", is_stale, told=line, ended=fresh))
    return found


def _tests(
    publication: Publication, shown: Mapping[str, Definition], failed: FailedBuild | None, links: Links
) -> list[Observation]:
    found = []
    failing = dict(failed.tests) if failed else {}
    for test in queries.tests(publication):
        name, kpis = test["test"], failing.pop(test["test"], None)
        labels = [shown[one].label for one in test["kpis"] or () if one in shown]
        if not labels:
            continue
        is_failing = kpis is not None or test["status"] != "pass"
        # A build that failed may not have asked every test: what it does not say stays as it was.
        is_active = True if is_failing else None if failed else False
        line = words.test_fails(name, test["failures"] if kpis is None else None, labels, links) if is_failing else None
        passes = words.test_passes(name, labels, links) if is_active is False else None
        found.append(Observation(f"test:{name}", "tests", is_active, told=line, ended=passes))
    for name, kpis in failing.items():
        labels = [shown[one].label for one in kpis if one in shown]
        if labels:
            line = words.test_fails(name, None, labels, links)
            found.append(Observation(f"test:{name}", "tests", True, told=line))
    # A build that failed for another reason concerns everybody.
    is_broken = failed is not None and not failed.tests
    line = words.build_failed(links) if is_broken else None
    passes = None if failed else words.build_is_published(links)
    found.append(
        Observation("build", "tests", is_broken if failed is None or is_broken else None, told=line, ended=passes)
    )
    return found
