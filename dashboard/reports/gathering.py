"""Gather a pack's content: the week's figures as reported, sentences, and what a reader must know before trusting them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date

from dashboard import formats, headlines, vocabulary
from dashboard.headlines import Headline
from dashboard.language import _
from dashboard.published import Publication
from dashboard.queries.definitions import Definition, business_units, definitions
from dashboard.queries.publication import stamp, troubles
from dashboard.queries.values import Point
from dashboard.queries.weeks import last_day_over, units_of_week, weeks_until
from dashboard.reports import words
from dashboard.reports.cautions import source_caution, test_caution
from dashboard.reports.content import (
    Area,
    Caution,
    Content,
    ExceptionSentence,
    Readers,
    Row,
    Scope,
    UnitCell,
)
from dashboard.reports.frozen import FrozenWeek
from dashboard.reports.notes import notes_of_week, restatements_since
from dashboard.reports.recomputation import recipe
from dashboard.reports.weeks import week_end, week_name

PERIODS = 26  # weeks in a picture: half a year


def gather(publication: Publication, start: date, readers: Readers, frozen: FrozenWeek | None) -> Content:
    """The pack of the week that begins on `start`, in the active language (`readers.language` must be active).

    A frozen week is told as it was reported, with the exports that were overdue then; the weeks before it in a picture
    and the tests of the data are told as known now.
    """
    known = frozen.definitions(readers.language) if frozen else definitions(publication, readers.language)
    asked = {name: kpi for name, kpi in known.items() if not readers.areas or kpi.area in readers.areas}
    catalogue = _visible(asked, definitions(publication, readers.language), readers)
    titles = business_units(publication)
    shown = frozen.stamp(stamp(publication)) if frozen else stamp(publication)
    warned = troubles(publication).tests_by_kpi
    is_complete = week_end(start) <= last_day_over(publication)
    scopes = []
    for dimension, member in _members(readers):
        runs = _runs(publication, start, dimension, member, frozen)
        present = catalogue if dimension == "total" else {name: catalogue[name] for name in catalogue if name in runs}
        rows = {
            name: _row(
                kpi,
                runs.get(name, ()),
                start,
                is_warned=name in warned,
                is_provisional=frozen is None or frozen.is_provisional,
            )
            for name, kpi in present.items()
        }
        by_unit = _by_unit(publication, start, catalogue, titles, frozen) if dimension == "total" else {}
        title = _("The company") if dimension == "total" else titles.get(member, member)
        scopes.append(Scope(dimension, member, title, _areas(rows, by_unit)))
    every = [row for scope in scopes for row in scope.rows]
    scorecards = [row for row in every if row.definition.headline]
    left_out = len(set(catalogue) - {row.definition.name for row in every})
    return Content(
        company=shown.company,
        readers=readers,
        week=week_name(start),
        start=start,
        end=week_end(start),
        is_frozen=frozen is not None,
        is_provisional=frozen is None or frozen.is_provisional,
        is_late=frozen is not None and frozen.is_late,
        is_complete=is_complete,
        frozen_at=frozen.frozen_at if frozen else None,
        stamp=shown,
        exceptions=_exceptions(publication, start, scopes, titles, frozen),
        footnote=_footnote(scorecards, every),
        scopes=tuple(scopes),
        unit_titles=titles,
        withheld=len(asked) - len(catalogue),
        left_out=left_out,
        annotations=notes_of_week(publication, catalogue, start, readers, titles),
        restatements=restatements_since(publication, catalogue, start, readers, titles),
        cautions=_cautions(publication, catalogue, frozen),
    )


def _visible(
    asked: Mapping[str, Definition], today: Mapping[str, Definition], readers: Readers
) -> dict[str, Definition]:
    """Without the KPIs that are restricted, by the week's definition or by today's, unless the readers may see them."""
    if readers.sees_restricted:
        return dict(asked)
    restricted = {name for known in (asked, today) for name, kpi in known.items() if kpi.restricted}
    return {name: kpi for name, kpi in asked.items() if name not in restricted}


def _members(readers: Readers) -> list[tuple[str, str]]:
    # Values of units may not be added up here, so that readers of several units get a scorecard for each.
    return [("business_unit", unit) for unit in readers.units] or [("total", "total")]


def _runs(
    publication: Publication, start: date, dimension: str, member: str, frozen: FrozenWeek | None
) -> Mapping[str, Sequence[Point]]:
    """Points until the week; the week's own point as it was frozen, where it was."""
    runs: dict[str, list[Point]] = dict(weeks_until(publication, start, dimension, member, PERIODS))
    if frozen is None:
        return runs
    kept = {point.kpi: point for point in frozen.points if (point.dimension, point.member) == (dimension, member)}
    before = {name: [point for point in run if point.period_start < start] for name, run in runs.items()}
    return {name: [*before.get(name, ()), point] for name, point in kept.items()}


def _row(kpi: Definition, run: Sequence[Point], start: date, *, is_warned: bool, is_provisional: bool) -> Row:
    point = run[-1] if run and run[-1].period_start == start else None
    states = words.states(point, is_warned=is_warned, is_provisional=is_provisional)
    # That the whole pack is provisional is said once, on its head.
    spoken = [vocabulary.state(state) for state in states if state != "provisional"]
    return Row(
        definition=kpi,
        point=point,
        points=tuple(run),
        recipe=recipe(kpi, point),
        states=states,
        value=words.value(point, kpi),
        interval=words.bounds(point, kpi),
        target=words.target(point, kpi),
        assurance=words.assurance(point, kpi),
        change=words.change(point, kpi),
        signal=words.signal(point),
        state=", ".join(spoken),
    )


def _areas(rows: Mapping[str, Row], by_unit: Mapping[str, tuple[UnitCell, ...]]) -> tuple[Area, ...]:
    names = dict.fromkeys(row.definition.area for row in rows.values())
    return tuple(
        Area(
            name,
            vocabulary.area(name),
            tuple(row for row in rows.values() if row.definition.area == name),
            {kpi: by_unit[kpi] for kpi, row in rows.items() if row.definition.area == name and kpi in by_unit},
        )
        for name in names
    )


def _unit_points(publication: Publication, start: date, frozen: FrozenWeek | None) -> Mapping[str, Sequence[Point]]:
    if frozen is None:
        return units_of_week(publication, start)
    found: dict[str, list[Point]] = {}
    for point in frozen.points:
        if point.dimension == "business_unit":
            found.setdefault(point.kpi, []).append(point)
    return found


def _by_unit(
    publication: Publication,
    start: date,
    catalogue: Mapping[str, Definition],
    titles: Mapping[str, str],
    frozen: FrozenWeek | None,
) -> dict[str, tuple[UnitCell, ...]]:
    order = {unit: place for place, unit in enumerate(titles)}
    found: dict[str, tuple[UnitCell, ...]] = {}
    for name, points in _unit_points(publication, start, frozen).items():
        if name in catalogue:
            ordered = sorted(points, key=lambda point: (order.get(point.member, len(order)), point.member))
            found[name] = tuple(
                UnitCell(
                    titles.get(point.member, vocabulary.member(point.member)),
                    words.value(point, catalogue[name]) if point.value is not None else vocabulary.state(point.state),
                    (point.direction or "changed") if point.is_signal else None,
                    point,
                )
                for point in ordered
            )
    return found


def _headline(row: Row) -> Headline:
    return Headline(row.definition, row.point, None, row.points)


def _exceptions(
    publication: Publication,
    start: date,
    scopes: Sequence[Scope],
    titles: Mapping[str, str],
    frozen: FrozenWeek | None,
) -> tuple[ExceptionSentence, ...]:
    by_unit = _unit_points(publication, start, frozen)
    found = []
    for scope in scopes:
        rows = {row.definition.name: row for row in scope.rows if row.definition.headline}
        for headline in headlines.signalled([_headline(row) for row in rows.values()]):
            name = headline.definition.name
            members = by_unit.get(name, ()) if scope.dimension == "total" else ()
            cause = headlines.main_cause(headline, members)
            sentence = headlines.sentence(headline, "week", titles.get(cause, cause) if cause else None)
            found.append(ExceptionSentence(rows[name], scope.title if len(scopes) > 1 else "", sentence))
    return tuple(found)


def _footnote(scorecards: Sequence[Row], every: Sequence[Row]) -> str:
    """Signals beside the scorecard, and how many chance alone would give on it."""
    chosen = [_headline(row) for row in scorecards]
    expected = formats.number(headlines.expected_by_chance(chosen), 1)
    text = _("Chance alone would give about {expected} signals among {count} KPIs.")
    parts = [text.format(expected=expected, count=headlines.watched(chosen))]
    others = [row.definition.label for row in every if row.direction and not row.definition.headline]
    if others:
        labels = "; ".join(dict.fromkeys(others))  # labels hold commas
        parts.insert(
            0,
            _("Signals of indicators beside the scorecard, on the pages of their areas: {labels}.").format(
                labels=labels
            ),
        )
    return " ".join(parts)


def _cautions(
    publication: Publication, catalogue: Mapping[str, Definition], frozen: FrozenWeek | None
) -> tuple[Caution, ...]:
    """Tests that did not pass and sources that are overdue, as far as they concern the KPIs shown."""
    found = []
    trouble = troubles(publication)
    for test in trouble.tests:
        kpis = [catalogue[name].label for name in test["kpis"] or () if name in catalogue]  # type: ignore[union-attr]
        if kpis:
            found.append(test_caution(str(test["test"]), test["failures"] or 0, "; ".join(kpis)))  # type: ignore[arg-type]
    overdue = trouble.sources if frozen is None or frozen.overdue is None else frozen.overdue
    for source in overdue:
        kpis = [catalogue[name].label for name in source["kpis"] or () if name in catalogue]
        if kpis:
            found.append(source_caution(source, "; ".join(kpis)))
    return tuple(found)
