"""The lines of alerts: the sentences of the overview and the pack, and what is said when something is over."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from dashboard import formats
from dashboard.headlines import Headline, main_cause, sentence
from dashboard.language import _
from dashboard.queries.definitions import Definition
from dashboard.queries.values import Point
from dashboard.reports import words
from dashboard.reports.cautions import source_caution, test_caution
from dashboard.reports.links import Links
from dashboard.reports.notes import cause, figure, moved
from dashboard.reports.notices import Line

DATA_PAGE = "data"
MOST_LABELS = 3


def signal_begins(
    kpi: Definition,
    unit: str,
    point: Point | None,
    members: Sequence[Point],
    titles: Mapping[str, str],
    link: str | None,
) -> Line:
    """As on the overview: value, side, since when, main cause."""
    row = Headline(kpi, point, None, (point,) if point else ())
    unit_behind = main_cause(row, members)
    told = sentence(row, "week", titles.get(unit_behind, unit_behind) if unit_behind else None)
    mark = (point.direction if point else None) or "changed"
    return Line(mark, _named(kpi, unit), f"{told}.", link)


def signal_is_over(kpi: Definition, unit: str, point: Point | None, link: str | None) -> Line:
    """Two complete weeks without a signal."""
    told = _("{value}, again within ordinary variation.").format(value=words.value(point, kpi))
    return Line("recovered", _named(kpi, unit), told, link)


def target_is_lost(kpi: Definition, unit: str, point: Point | None, link: str | None) -> Line:
    """Value, target, and what the process makes of it."""
    return Line("worse", _named(kpi, unit), _against_target(_("target lost"), kpi, point), link)


def target_is_regained(kpi: Definition, unit: str, point: Point | None, link: str | None) -> Line:
    """Value, target, and what the process makes of it."""
    return Line("recovered", _named(kpi, unit), _against_target(_("target regained"), kpi, point), link)


def figure_is_restated(kpi: Definition, unit: str, row: Mapping[str, Any], link: str | None) -> Line:
    """What was reported, what it is now, and because of which rows."""
    now = figure(row, "now", kpi)
    if row["difference"] is not None:
        now += f" ({moved(row, kpi)})"
    told = _("{week}: reported as {reported}, now {now}").format(
        week=formats.period(row["period_start"], "week"), reported=figure(row, "reported", kpi), now=now
    )
    because = cause(row)
    return Line("changed", _named(kpi, unit), f"{told}; {because}." if because else f"{told}.", link)


def source_is_stale(source: Mapping[str, Any], labels: Sequence[str], links: Links) -> Line:
    """As in the pack."""
    said = source_caution(source, _short(labels))
    return Line("trouble", said.title, f"{said.detail}.", links.page(DATA_PAGE))


def source_is_fresh(source: Mapping[str, Any], labels: Sequence[str], links: Links) -> Line:
    """It came."""
    said = source_caution(source, _short(labels))
    return Line("recovered", said.title, _("loaded again · {kpis}.").format(kpis=_short(labels)), links.page(DATA_PAGE))


def test_fails(name: str, failures: int | None, labels: Sequence[str], links: Links) -> Line:
    """As in the pack; without the count of rows where the build was not published."""
    said = test_caution(name, failures, _short(labels))
    return Line("trouble", said.title, f"{said.detail}.", links.page(DATA_PAGE))


def test_passes(name: str, labels: Sequence[str], links: Links) -> Line:
    """It is mended."""
    told = _("passes again · {kpis}.").format(kpis=_short(labels))
    return Line("recovered", test_caution(name, 0, "").title, told, links.page(DATA_PAGE))


def build_failed(links: Links) -> Line:
    """The version published before stays live."""
    told = _("The version published before is still shown. Whoever runs Retaguarda finds the reason on the data page.")
    return Line("trouble", _("The last build failed"), told, links.page(DATA_PAGE))


def build_is_published(links: Links) -> Line:
    """It is mended."""
    return Line("recovered", _("Builds are published again"), _("The figures are up to date."), links.page(DATA_PAGE))


def _named(kpi: Definition, unit: str) -> str:
    return f"{unit} · {kpi.label}" if unit else kpi.label


def _against_target(what: str, kpi: Definition, point: Point | None) -> str:
    return _("{what}: {value}, target {target}, {assurance}.").format(
        what=what, value=words.value(point, kpi), target=words.target(point, kpi), assurance=words.assurance(point, kpi)
    )


def _short(labels: Sequence[str]) -> str:
    left = len(labels) - MOST_LABELS
    shown = "; ".join(labels[:MOST_LABELS])  # labels hold commas
    return _("{labels} and {count} more").format(labels=shown, count=left) if left > 0 else shown
