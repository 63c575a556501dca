"""Definitions: the KPI library with a search, one KPI's definition in full, and the words of the board explained."""

from __future__ import annotations

import streamlit as st

from dashboard import formats, library, navigation, state, vocabulary
from dashboard.components import library as drawn
from dashboard.components import page
from dashboard.components.glossary import glossary
from dashboard.language import N_, _, active, plural
from dashboard.queries.definitions import business_units, definitions
from dashboard.queries.library import texts

VIEWS = {"library": N_("KPIs"), "glossary": N_("Glossary")}

publication = page.publication()
catalogue = definitions(publication, active())
chosen = catalogue.get(state.read("kpi"))

if chosen is not None:
    st.page_link(
        navigation.page("definitions"), label=f":small[:gray[{_('All definitions')}]]", icon=":material/arrow_back:",
        query_params=state.link(),
    )  # fmt: skip
    page.title_line(chosen.label)
    page.stamp_line(publication)
    drawn.entry(publication, chosen, business_units(publication))
else:
    page.title_line(_("Definitions"))
    page.stamp_line(publication)
    view = state.segments(
        "view", _("View"), list(VIEWS), words=lambda name: _(VIEWS[name]), label_visibility="collapsed"
    )
    if view == "glossary":
        glossary()
    else:
        areas = [state.ALL, *dict.fromkeys(kpi.area for kpi in catalogue.values())]
        kinds = [state.ALL, *dict.fromkeys(kpi.kind for kpi in catalogue.values())]
        with st.container(horizontal=True, vertical_alignment="bottom", gap="small"):
            wanted = state.text("q", _("Search names, definitions, owners and sources"), width=420)
            area = state.select(
                "area", _("Area"), areas, width=220,
                words=lambda name: _("All areas") if name == state.ALL else vocabulary.area(name),
            )  # fmt: skip
            kind = state.select(
                "kind", _("Kind"), kinds, width=160,
                words=lambda name: _("All kinds") if name == state.ALL else vocabulary.kind(name),
            )  # fmt: skip
        found = library.found(catalogue, texts(publication), wanted, area, kind)
        count = plural("{count} KPI", "{count} KPIs", len(found)).format(count=formats.number(len(found)))
        st.caption(count if found else _("No definition holds all these words."))
        if found:
            drawn.table(publication, found)
