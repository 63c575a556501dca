"""Explore: any KPI by its dimensions and periods; units compared; table, chart, exports, and the same as SQL."""

from __future__ import annotations

from datetime import date

import streamlit as st

from dashboard import formats, navigation, pivots, state, vocabulary
from dashboard.charts.comparison import comparison_chart
from dashboard.charts.quick import MOST_SERIES
from dashboard.charts.template import CONFIG
from dashboard.components import downloads, page
from dashboard.components.explore_choice import members_choice
from dashboard.language import N_, _, active, plural
from dashboard.queries import explore
from dashboard.queries.definitions import definitions, member_labels

GRAINS = ("week", "month", "quarter", "year")
LENGTHS = {"week": 26, "month": 13, "quarter": 8, "year": 5}  # periods shown at first
MEASURES = {
    "value": N_("Value"),
    "numerator": N_("Numerator"),
    "denominator": N_("Denominator"),
    "n": N_("Records"),
    "change": N_("Change against the previous period"),
    "year_before_value": N_("Value of the year before"),
}

publication = page.publication()
catalogue = definitions(publication, active())
names = list(catalogue)
name = state.read("kpi", names, names[0])
definition = catalogue[name]


def grain_choice() -> None:
    """The grain, on the title line."""
    state.segments(
        "grain", _("Period"), GRAINS, words=vocabulary.grain, clears=("from", "to"), label_visibility="collapsed"
    )


page.title_line(_("Explore"), grain_choice)
page.stamp_line(publication)
grain = state.read("grain", GRAINS, "week")

with st.container(horizontal=True, vertical_alignment="bottom", gap="small"):
    state.select("kpi", _("KPI"), names, words=lambda kpi: catalogue[kpi].label, clears=("by", "members", "from", "to"),
                 width=300)  # fmt: skip
    by = state.select("by", _("By"), ["total", *definition.dimensions], words=vocabulary.dimension, clears=("members",),
                      width=190)  # fmt: skip
    measure = state.select("measure", _("Measure"), list(MEASURES), words=lambda code: _(MEASURES[code]), width=190)
    starts = [day.isoformat() for day in explore.periods(publication, name, grain)]
    first = last = ""
    if starts:
        first = state.select("from", _("From"), starts, default=starts[-min(len(starts), LENGTHS[grain])], width=128,
                             words=lambda day: formats.period(date.fromisoformat(day), grain))  # fmt: skip
        last = state.select("to", _("To"), starts, default=starts[-1], width=128,
                            words=lambda day: formats.period(date.fromisoformat(day), grain))  # fmt: skip

if not starts:
    st.caption(_("No figure by this dimension."))
    st.stop()
labels = member_labels(publication, by)
chosen = members_choice(explore.members(publication, name, grain, by), labels) if by != "total" else ()
days = sorted((date.fromisoformat(first), date.fromisoformat(last)))
question = explore.Question(name, grain, by, chosen, days[0], days[1])
rows = explore.rows(publication, question)
if rows.is_empty():
    st.caption(_("Nothing to show."))
    st.stop()

# The chart follows the order of the choice: the members with most records, or those that the reader picked.
shown = chosen or tuple(code for code in explore.members(publication, name, grain, by) if code in set(rows["member"]))
series = {
    vocabulary.member(code, labels): list(
        rows.filter(rows["member"] == code).select("period_start", measure).iter_rows()
    )
    for code in shown[:MOST_SERIES]
}
if measure in ("value", "year_before_value"):
    unfinished = rows.filter(rows["state"] == "provisional")["period_start"].to_list() if measure == "value" else []
    running = max(unfinished, default=None)
    st.plotly_chart(comparison_chart(series, definition, grain, running), config=CONFIG, key="comparison",
                    alt=_("{label}, one line each: {members}").format(label=definition.label, members=", ".join(series)))  # fmt: skip
    if len(shown) > MOST_SERIES:
        st.caption(_("Only the first {count} series are drawn.").format(count=MOST_SERIES))

with st.container(horizontal=True, vertical_alignment="center", gap="small"):
    st.markdown(plural("{count} row", "{count} rows", rows.height).format(count=formats.number(rows.height)))
    downloads.buttons(pivots.long(rows, labels, by), name)
    with st.popover(_("Copy as SQL"), icon=":material/code:"):
        st.code(explore.as_sql(question), language="sql")
        st.page_link(navigation.page("sql"), label=_("Open on the SQL page"), icon=":material/terminal:",
                     query_params={**state.link(), "sql": explore.as_sql(question)})  # fmt: skip
    st.page_link(navigation.page("kpi"), label=_("The KPI's page"), icon=":material/show_chart:",
                 query_params=state.link({"kpi": name}))  # fmt: skip
table = pivots.wide(rows.filter(rows["member"].is_in(shown)), labels, definition, measure, grain)
st.dataframe(
    table, hide_index=True, height=560 if table.height > 14 else "content",
    column_config={column: st.column_config.TextColumn(column, alignment="right", pinned=False) if place
                   else st.column_config.TextColumn(column, pinned=True)
                   for place, column in enumerate(table.columns)},
    alt=_("{label} by period and {dimension}").format(label=definition.label, dimension=vocabulary.dimension(by).lower()),
)  # fmt: skip
