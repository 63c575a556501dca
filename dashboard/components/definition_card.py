"""What a KPI means: definition, formula, eligibility, authority, traps, owner, SQL and version."""

from __future__ import annotations

import streamlit as st

from dashboard import formats, vocabulary
from dashboard.language import _
from dashboard.queries.definitions import Definition


def definition_card(definition: Definition) -> None:
    """The card, in the reader's language; empty entries are left out."""
    entries = {
        _("Definition"): definition.definition,
        _("Formula"): definition.formula,
        _("Who counts"): definition.eligibility,
        _("Event date"): definition.event_date,
        _("Authority"): definition.authority,
        _("Kind"): vocabulary.kind(definition.kind),
        _("Minimum n"): formats.number(definition.minimum_n),
        _("Owner"): definition.owner,
        _("Restricted"): definition.restricted,
    }
    with st.container(border=True):
        for name, text in entries.items():
            if text:
                st.markdown(f":small[:gray[{name}]]  \n{formats.markdown(text)}")
        if definition.traps:
            traps = "\n".join(f"- {formats.markdown(trap)}" for trap in definition.traps)
            st.markdown(f":small[:gray[{_('Traps')}]]\n\n{traps}")
        with st.expander(_("SQL of the components"), icon=":material/code:"):
            st.code(definition.sql, language="sql")
        st.caption(
            _("Version {version} of the definition · `{name}`").format(
                version=f"`{definition.definition_hash[:12]}`", name=definition.name
            )
        )
