"""The schema browser: tables, their columns with type and description, and where a table comes from."""

from __future__ import annotations

import polars as pl
import streamlit as st

from dashboard import formats, navigation, state
from dashboard.language import _, active
from dashboard.published import Publication
from dashboard.queries import schema
from dashboard.queries.definitions import definitions

HEIGHT = 460
MOST_TABLES = 60


def tables(publication: Publication) -> None:
    """A search over names and descriptions, a table to choose, its columns and its lineage."""
    wanted = st.text_input(_("Search tables and columns"), key="schema_search", placeholder=_("Search tables and columns"),
                           label_visibility="collapsed").strip().lower()  # fmt: skip
    known = schema.columns(publication)
    named = pl.concat_str([pl.col("schema_name"), pl.lit("."), pl.col("table_name")]).alias("name")
    text = pl.concat_str([named, pl.col("column_name"), pl.col("description")], separator=" ").str.to_lowercase()
    found = known.with_columns(named).filter(text.str.contains(wanted, literal=True) if wanted else pl.lit(True))
    names = found["name"].unique(maintain_order=True).to_list()
    if not names:
        st.caption(_("Nothing to show."))
        return
    chosen = state.select("table", _("Table"), names, label_visibility="collapsed")
    with st.container(height=HEIGHT, border=False, gap="small"):
        words = schema.description(publication, chosen)
        if words:
            st.caption(formats.markdown(words))
        _lineage(publication, chosen)
        for _schema, _table, column, kind, description in (
            known.with_columns(named).filter(pl.col("name") == chosen).drop("name").iter_rows()
        ):
            line = f"**{formats.markdown(column)}** :gray[{formats.markdown(kind.lower())}]"
            st.markdown(line + (f"  \n:small[{formats.markdown(description)}]" if description else ""))


def _lineage(publication: Publication, table: str) -> None:
    found = schema.lineage(publication, table)
    if found.sources:
        st.caption(_("From the exports: {names}").format(names=formats.markdown(", ".join(found.sources))))
    if found.models:
        st.caption(_("Made of: {names}").format(names=formats.markdown(" → ".join(found.models))))
    if found.kpis:
        catalogue = definitions(publication, active())
        st.caption(_("KPIs made from it:"))
        for name in found.kpis[:MOST_TABLES]:
            if name in catalogue:
                st.page_link(navigation.page("kpi"), label=f":small[{catalogue[name].label}]",
                             query_params=state.link({"kpi": name}))  # fmt: skip
