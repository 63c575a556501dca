"""The rows of exports that made a restated figure another one: counts and amounts by cause, then file and line."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import polars as pl
import streamlit as st

from dashboard import codes, formats, vocabulary
from dashboard.components import downloads, tables
from dashboard.language import N_, _, plural
from dashboard.published import Publication
from dashboard.queries.definitions import Definition
from dashboard.queries.snapshots import restatement_rows
from kpis.restatements import CAUSES, rows_of

EXPLAINED = {
    "records": N_(
        "These rows were added, changed or taken away after the week was frozen, each with what it was then."
    ),
    "sources": N_(
        "None of the KPI's own records changed, or they name no row: these rows of its exports changed since, and one of"
        " them may be behind it."
    ),
    "definition": N_("No row changed: the definition did. Its versions are in the published file (kpi.definitions)."),
    "nothing": N_("No row changed: only time has passed."),
}
SHOWN = (
    "cause", "file_name", "line", "key", "date_before", "date_after", "unit_before", "unit_after", "amount_before",
    "amount_after", "counts_before", "counts_after",
)  # fmt: skip


def explanation(publication: Publication, figure: pl.DataFrame, kpi: Definition, units: Mapping[str, str]) -> None:
    """What is known of one restated figure (a frame of one row)."""
    row = figure.row(0, named=True)
    st.caption(_(EXPLAINED[row["explained_by"]]))
    found = rows_of(figure, restatement_rows(publication, row["kpi"], row["week"]))
    if found.is_empty():
        return
    causes = _by_cause(row)
    if causes.height:
        tables.draw(causes, _("Rows and amounts by cause"))
    counted = sum(row[f"rows_{cause}"] or 0 for cause in CAUSES)
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        text = plural("{count} row", "{count} rows", found.height).format(count=formats.number(found.height))
        if counted > found.height:
            text = _("The {count} weightiest of {all} rows").format(
                count=formats.number(found.height), all=formats.number(counted)
            )
        st.markdown(text)
        downloads.buttons(found, f"{row['week']}_{row['kpi']}_{row['grain']}")
    shown = _without_repetition(found.select(name for name in SHOWN if found[name].null_count() < found.height))
    tables.draw(_worded(shown, units), _("Rows that changed {label}").format(label=kpi.label))


def _without_repetition(frame: pl.DataFrame) -> pl.DataFrame:
    """The frame without the later side of what no row changed: a unit, or whether it counts."""
    same = [
        f"{name}_after"
        for name in ("unit", "counts")
        if {f"{name}_before", f"{name}_after"} <= set(frame.columns)
        and frame.select((pl.col(f"{name}_before") == pl.col(f"{name}_after")).fill_null(value=True).all()).item()
    ]
    return frame.drop(same)


def _by_cause(row: Mapping[str, Any]) -> pl.DataFrame:
    """A row a cause that there is; the amounts are of the column that the KPI sums, where it has one."""
    title = vocabulary.column(row["amount_column"]) if row["amount_column"] else ""
    found = [(codes.word("cause", cause), row[f"rows_{cause}"], row[f"amount_{cause}"]) for cause in CAUSES]
    amount = _("Change of {column}").format(column=title)
    frame = pl.DataFrame(
        [one for one in found if one[1]],
        schema={"cause": pl.String, "rows_changed": pl.Int64, amount: pl.Float64},
        orient="row",
    )
    return frame if title and frame[amount].null_count() < frame.height else frame.drop(amount)


def _worded(frame: pl.DataFrame, units: Mapping[str, str]) -> pl.DataFrame:
    """Causes, units and yes or no in the reader's words."""
    sides = [name for name in frame.columns if name.startswith("unit_")]
    answers = [name for name in frame.columns if name.startswith("counts_")]
    return codes.worded(frame, units).with_columns(
        *(pl.col(name).replace(dict(units)) for name in sides),
        *(
            pl.when(pl.col(name)).then(pl.lit(_("yes"))).when(~pl.col(name)).then(pl.lit(_("no"))).alias(name)
            for name in answers
        ),
    )
