"""What people noted on the KPIs, and past figures that are no longer what was reported."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any

from dashboard import formats, vocabulary
from dashboard.language import N_, _, plural
from dashboard.published import Publication
from dashboard.queries.definitions import Definition
from dashboard.queries.notes import notes_between, restated_weeks
from dashboard.reports.content import Annotation, Readers, Restatement
from dashboard.reports.weeks import week_end

NOTED_WEEKS = 26  # notes as old as the pictures reach
MOST_RESTATEMENTS = 23  # two slides; the page of the week lists them all
CAUSES = {
    "rows_arrived_late": (N_("{count} row arrived late"), N_("{count} rows arrived late")),
    "rows_corrected": (N_("{count} row corrected"), N_("{count} rows corrected")),
    "rows_deleted": (N_("{count} row deleted"), N_("{count} rows deleted")),
    "rows_definition_changed": (
        N_("{count} row counts otherwise by the new definition"),
        N_("{count} rows count otherwise by the new definition"),
    ),
    "rows_derived": (
        N_("{count} row changed through another export, or with time"),
        N_("{count} rows changed through another export, or with time"),
    ),
}


def notes_of_week(
    publication: Publication,
    catalogue: Mapping[str, Definition],
    start: date,
    readers: Readers,
    titles: Mapping[str, str],
) -> tuple[Annotation, ...]:
    """Notes on the KPIs shown, of the half year that ends with the week."""
    first = start - timedelta(weeks=NOTED_WEEKS - 1)
    found = []
    for row in notes_between(publication, first, week_end(start)):
        unit = row["business_unit"] or ""
        is_seen = row["kpi"] in catalogue and (not readers.units or unit in ("", *readers.units))
        if not is_seen:
            continue
        texts = (row["text_pt_br"], row["text_en"])
        preferred, other = texts if readers.language == "pt_BR" else texts[::-1]
        days = [formats.day(row["first_day"])]
        if row["last_day"] != row["first_day"]:
            days.append(formats.day(row["last_day"]))
        label = catalogue[row["kpi"]].label + (f" · {titles.get(unit, unit)}" if unit else "")
        found.append(Annotation(label, " – ".join(days), row["author"] or "", preferred or other or ""))
    return tuple(found)


def restatements_since(
    publication: Publication,
    catalogue: Mapping[str, Definition],
    start: date,
    readers: Readers,
    titles: Mapping[str, str],
) -> tuple[Restatement, ...]:
    """Restated weeks up to this one, where the change can be seen at the precision that the KPI is shown with."""
    found = []
    rows = restated_weeks(publication, start)
    # The latest week first, and in it what stands on the scorecard.
    rows.sort(key=lambda row: (-row["period_start"].toordinal(), not _is_headline(catalogue, row["kpi"])))
    for row in rows:
        is_seen = row["member"] in readers.units if readers.units else row["dimension"] == "total"
        if row["kpi"] not in catalogue or not is_seen:
            continue
        kpi = catalogue[row["kpi"]]
        reported, now = (figure(row, name, kpi) for name in ("reported", "now"))
        if reported != now:
            unit = _("All") if row["dimension"] == "total" else titles.get(row["member"], row["member"])
            week = formats.period(row["period_start"], "week")
            difference = moved(row, kpi)
            found.append(Restatement(kpi.label, unit, week, reported, now, difference, cause(row)))
    left = len(found) - MOST_RESTATEMENTS
    if left > 0:
        told = _("And {count} more: page Weeks, or kpi.kpi_restatements").format(count=formats.number(left))
        found[MOST_RESTATEMENTS:] = [Restatement(told, "", "", "", "", "", "")]
    return tuple(found)


def _is_headline(catalogue: Mapping[str, Definition], kpi: str) -> bool:
    return kpi in catalogue and catalogue[kpi].headline


def figure(row: Mapping[str, Any], name: str, kpi: Definition) -> str:
    """The figure `reported` or `now` of a restatement; its state where there is none."""
    if row[name] is None:
        return vocabulary.state(row[f"{name}_state"] or "no_data")
    return formats.quantity(row[name], kpi.unit, kpi.decimals, compact=kpi.unit == "brl")


def moved(row: Mapping[str, Any], kpi: Definition) -> str:
    """The difference of a restatement, with as many decimals as it takes to be seen."""
    for more in range(4):
        text = formats.difference(row["difference"], kpi.unit, kpi.decimals + more)
        if row["difference"] is None or any(digit in "123456789" for digit in text):
            return text
    return formats.difference(row["difference"], kpi.unit, kpi.decimals)


def cause(row: Mapping[str, Any]) -> str:
    """`3 rows arrived late; definition changed`: counts of the rows that made the difference."""
    parts = []
    for name, (singular, several) in CAUSES.items():
        count = row.get(name) or 0
        if count:
            parts.append(plural(singular, several, count).format(count=formats.number(count)))
    if row.get("is_definition_changed"):
        parts.append(_("definition changed"))
    return "; ".join(parts)
