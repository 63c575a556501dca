"""What a KPI means: definition, formula, eligibility, authority, traps, owner, SQL and version."""

from __future__ import annotations

import streamlit as st

from dashboard import formats, navigation, state, vocabulary
from dashboard.language import N_, _
from dashboard.queries.definitions import Definition

BETTER = {"higher": N_("higher is better"), "lower": N_("lower is better"), "neutral": N_("neither is better")}
CLOCKS = {
    "calendar_days": N_("calendar days"),
    "business_days": N_("business days"),
    "business_hours": N_("business hours"),
}


def definition_card(definition: Definition, *, is_whole: bool = False) -> None:
    """The card, in the reader's language; empty entries are left out. Where it is not `is_whole`, it leads to the rest."""
    entries = {
        _("Definition"): definition.definition,
        _("Formula"): definition.formula,
        _("Who counts"): definition.eligibility,
        _("Event date"): definition.event_date,
        _("Authority"): definition.authority,
        _("Kind"): kind_words(definition),
        _("Minimum n"): formats.number(definition.minimum_n),
        _("Owner"): definition.owner,
    }
    if is_whole:
        entries[_("Dimensions")] = ", ".join(map(vocabulary.dimension, definition.dimensions))
    with st.container(border=True):
        for name, text in entries.items():
            if text:
                st.markdown(f":small[:gray[{name}]]  \n{formats.markdown(text)}")
        if definition.traps:
            traps = "\n".join(f"- {formats.markdown(trap)}" for trap in definition.traps)
            st.markdown(f":small[:gray[{_('Traps')}]]\n\n{traps}")
        # Drawn when it is opened: to colour code, the browser fetches a megabyte and a half of scripts.
        components = st.expander(
            _("SQL of the components"), icon=":material/code:", key="definition_sql", on_change="rerun"
        )
        if components.open:
            with components:
                st.code(definition.sql, language="sql")
        st.caption(
            _("Version {version} of the definition · `{name}`").format(
                version=f"`{definition.definition_hash[:12]}`", name=definition.name
            )
        )
        if not is_whole:
            st.page_link(
                navigation.page("definitions"), label=_("Targets, versions, lineage"), icon=":material/menu_book:",
                query_params=state.link({"kpi": definition.name}),
            )  # fmt: skip


def kind_words(definition: Definition) -> str:
    """`share, higher is better`; a duration also tells its clock."""
    words = [vocabulary.kind(definition.kind)]
    if definition.clock:
        words.append(_(CLOCKS[definition.clock]) if definition.clock in CLOCKS else definition.clock.replace("_", " "))
    words.append(_(BETTER.get(definition.better, definition.better)))
    return ", ".join(words)
