"""The data tests of a publication: what did not pass first, with the KPIs that each guards."""

from __future__ import annotations

import polars as pl
import streamlit as st

from dashboard import formats, navigation, state
from dashboard.components.data_tables import STATES, worded
from dashboard.components.tables import draw
from dashboard.language import _, active, plural
from dashboard.published import Publication
from dashboard.queries import loads
from dashboard.queries.definitions import Definition, definitions

MOST_KPIS = 8  # linked below a test that did not pass
NAMED = 3  # labels in a cell of the table


def view(publication: Publication) -> None:
    """How many passed; those that did not, with links; and the whole list, of one KPI if wished."""
    catalogue = definitions(publication, active())
    tests = loads.tests(publication)
    passed = tests.filter(pl.col("status") == "pass").height
    st.markdown(
        _("{passed} of {all} data tests passed.").format(
            passed=formats.number(passed), all=formats.number(tests.height)
        )
    )
    kpi = state.select(
        "guarded", _("Guarding the KPI"), [state.ALL, *catalogue], width=330,
        words=lambda name: _("All KPIs") if name == state.ALL else catalogue[name].label,
    )  # fmt: skip
    if kpi != state.ALL:
        tests = tests.filter(pl.col("kpis").list.contains(kpi))
    for row in tests.filter(pl.col("status") != "pass").iter_rows(named=True):
        _failure(row, catalogue)
    labels = [_guarded([catalogue[name].label for name in names if name in catalogue]) for names in tests["kpis"]]
    shown = tests.with_columns(pl.Series("kpis", labels, dtype=pl.String))
    draw(worded(shown, {"status": STATES, "severity": STATES}), _("Data tests of this publication"))


def _guarded(labels: list[str]) -> str:
    more = len(labels) - NAMED
    return ", ".join(labels[:NAMED]) + (f" + {formats.number(more)}" if more > 0 else "")


def _failure(row: dict[str, object], catalogue: dict[str, Definition]) -> None:
    """One test that did not pass: what it found, and the KPIs that are to be read with care."""
    failures = int(str(row["failures"] or 0))
    told = str(row["message"] or "")
    if failures:
        # dbt says "Got 5 results, configured to warn if != 0".
        told = plural("{count} row does not hold.", "{count} rows do not hold.", failures)
        told = told.format(count=formats.number(failures))
    kpis = [name for name in list(row["kpis"] or ()) if name in catalogue]  # type: ignore[call-overload]
    with st.container(border=True, gap="xsmall"):
        st.markdown(
            f":orange[:material/report:] **{formats.markdown(str(row['test']))}** "
            f":small[:gray[{formats.markdown(str(row['model'] or ''))}]]  \n{formats.markdown(told)}"
        )
        with st.container(horizontal=True, gap="small"):
            for name in kpis[:MOST_KPIS]:
                st.page_link(navigation.page("kpi"), label=f":small[{formats.markdown(catalogue[name].label)}]",
                             query_params=state.link({"kpi": name}))  # fmt: skip
            if len(kpis) > MOST_KPIS:
                st.caption(f"+ {formats.number(len(kpis) - MOST_KPIS)}")
