"""The dictionary: a search over tables and columns, one table with all that is said of it, and where it comes from."""

from __future__ import annotations

import streamlit as st

from dashboard import formats, navigation, state
from dashboard.components.data_tables import PERSONAL, worded
from dashboard.components.tables import draw
from dashboard.language import _, active, plural
from dashboard.published import Publication
from dashboard.queries import dictionary, lineage
from dashboard.queries.definitions import definitions
from dashboard.queries.lineage import KPI_PREFIX
from dashboard.queries.schema import first_rows

MOST_COLUMNS = 400
MOST_TABLES = 6


def view(publication: Publication) -> None:
    """Search, choice of a table, and what is found."""
    tables = dictionary.tables(publication)
    with st.container(horizontal=True, vertical_alignment="bottom", gap="small"):
        wanted = state.text("search", _("Search models, columns and descriptions"), width=420)
        table = state.select(
            "in", _("Table"), [state.ALL, *tables], width=330,
            words=lambda name: _("All tables and exports") if name == state.ALL else name,
        )  # fmt: skip
    if table != state.ALL:
        _about(publication, table, tables[table])
    elif wanted:
        _links(dictionary.tables_found(publication, wanted), tables)
    found = dictionary.found(publication, wanted, "" if table == state.ALL else table)
    parts = found["table_name"].n_unique()
    words = plural("{count} column", "{count} columns", found.height).format(count=formats.number(found.height))
    if table == state.ALL:
        words += " · " + plural("{count} table", "{count} tables", parts).format(count=formats.number(parts))
    if found.height > MOST_COLUMNS:
        words += " · " + _("the first {count} are shown").format(count=formats.number(MOST_COLUMNS))
    st.caption(words)
    shown = found.head(MOST_COLUMNS)
    if table != state.ALL:
        shown = shown.drop("table_name")
    if not (shown["headers"] != "").any():
        shown = shown.drop("headers")
    draw(worded(shown, {"personal": PERSONAL}), _("Columns with type, personal-data class and description"))


def _links(names: list[str], tables: dict[str, str]) -> None:
    for name in names[:MOST_TABLES]:
        st.page_link(
            navigation.page("data"), icon=":material/table:",
            label=f"**{formats.markdown(name)}** :small[:gray[{formats.markdown(tables[name])}]]",
            query_params=state.link({"view": "dictionary", "in": name}),
        )  # fmt: skip
    if len(names) > MOST_TABLES:
        more = len(names) - MOST_TABLES
        st.caption(plural("and {count} more", "and {count} more", more).format(count=formats.number(more)))


def _about(publication: Publication, table: str, description: str) -> None:
    """What a table holds, which exports it comes from, and the ways on."""
    if description:
        st.markdown(formats.markdown(description))
    graph = lineage.graph(publication, active())
    schema, name = table.split(".", 1)
    node = table if graph is not None and table in graph.nodes else name
    if graph is not None and node in graph.nodes:
        above = lineage.reached(node, graph.parents)
        exports = [graph.nodes[one] for one in above if graph.nodes[one].kind == "export"]
        if exports:
            labels = ", ".join(sorted(one.label or one.name for one in exports))
            st.caption(_("From the exports: {names}").format(names=formats.markdown(labels)))
    with st.container(horizontal=True, gap="medium"):
        if graph is not None and node in graph.nodes:
            st.page_link(
                navigation.page("data"), label=_("Lineage"), icon=":material/account_tree:",
                query_params=state.link({"view": "lineage", "node": node}),
            )  # fmt: skip
        if schema in ("marts", "metrics", "kpi", "meta"):
            st.page_link(
                navigation.page("sql"), label=_("Ask it in SQL"), icon=":material/terminal:",
                query_params=state.link({"sql": first_rows(table), "table": table}),
            )  # fmt: skip
        kpi = name.removeprefix(KPI_PREFIX)
        if schema == "metrics" and kpi in definitions(publication, active()):
            st.page_link(navigation.page("kpi"), label=_("Open the KPI"), icon=":material/show_chart:",
                         query_params=state.link({"kpi": kpi}))  # fmt: skip
