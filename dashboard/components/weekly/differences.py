"""A frozen week beside the week before it, both as they were reported: what moved beyond its limits comes first."""

from __future__ import annotations

from collections.abc import Mapping

import polars as pl
import streamlit as st

from dashboard import formats, vocabulary
from dashboard.components import downloads
from dashboard.components.signals import DIRECTION_MARKS
from dashboard.components.tables import TALL
from dashboard.headlines import where
from dashboard.language import _, plural
from dashboard.published import Publication
from dashboard.queries.definitions import Definition
from dashboard.queries.snapshots import Snapshot, reported, week_differences
from dashboard.queries.values import Point


def differences(
    publication: Publication,
    snapshot: Snapshot,
    before: Snapshot | None,
    catalogue: Mapping[str, Definition],
    scope: tuple[str, str],
) -> None:
    """The table of all KPIs of the catalogue given, with its downloads."""
    if before is None:
        st.info(_("The week before was not frozen: there is nothing to compare with."), icon=":material/info:")
        return
    found = week_differences(publication, snapshot.week, before.week, *scope)
    found = found.filter(pl.col("kpi").is_in(list(catalogue)))
    if found.is_empty():
        st.caption(_("Nothing was reported of this unit and area in this week."))
        return
    signals = found["rule"].drop_nulls().len()
    text = plural(
        "{count} of {all} indicators carried a signal.", "{count} of {all} indicators carried a signal.",
        signals,
    )  # fmt: skip
    st.markdown(text.format(count=formats.number(signals), all=formats.number(found.height)))
    st.caption(
        _(
            "Both weeks as they were reported: first what moved beyond ordinary variation, then the largest steps for their limits."
        )
    )
    points = reported(publication, snapshot.week, *scope)
    table = _worded(found, catalogue, points, snapshot, before)
    numbers = table.columns[1:4]
    st.dataframe(
        table, hide_index=True, height=620 if table.height > TALL else "content",
        column_config={name: st.column_config.TextColumn(name, alignment="right") for name in numbers},
        alt=_("Each indicator in {before} and {week}").format(before=numbers[0], week=numbers[1]),
    )  # fmt: skip
    with st.container(horizontal=True, gap="small"):
        downloads.buttons(found, f"{before.week}_{snapshot.week}")


def _worded(
    found: pl.DataFrame,
    catalogue: Mapping[str, Definition],
    points: Mapping[str, Point],
    snapshot: Snapshot,
    before: Snapshot,
) -> pl.DataFrame:
    rows = [_row(row, catalogue[row["kpi"]], points[row["kpi"]]) for row in found.iter_rows(named=True)]
    titles = [
        _("Indicator"), formats.period(before.start, "week"), formats.period(snapshot.start, "week"), _("Difference"),
        _("Signal"), _("Area"),
    ]  # fmt: skip
    table = pl.DataFrame(rows, schema=dict.fromkeys(titles, pl.String), orient="row")
    return table if table[titles[-1]].n_unique() > 1 else table.drop(titles[-1])


def _row(row: Mapping[str, object], kpi: Definition, point: Point) -> tuple[str, ...]:
    mark, _colour = DIRECTION_MARKS.get(str(row["direction"]), DIRECTION_MARKS["changed"])
    # On which side it lies, not "worse": a figure below its limits may have risen since the week before.
    signal = f"{mark} {where(point)}" if row["rule"] else ""
    return (
        kpi.label,
        _figure(row["before"], row["before_state"], kpi),
        _figure(row["value"], row["state"], kpi),
        formats.difference(row["difference"], kpi.unit, kpi.decimals),  # type: ignore[arg-type]
        signal,
        vocabulary.area(kpi.area),
    )


def _figure(value: object, state: object, kpi: Definition) -> str:
    if value is None:
        return vocabulary.state(str(state or "no_data"))
    return formats.quantity(value, kpi.unit, kpi.decimals, compact=kpi.unit == "brl")  # type: ignore[arg-type]
