"""The menu at the side: pages (links carry language, unit and grain along), and the language."""

from __future__ import annotations

from pathlib import Path

import streamlit as st

from dashboard import state
from dashboard.components.page import language_choice
from dashboard.language import _
from dashboard.navigation import ENTRIES, page

ICON = str(Path(__file__).parents[1] / "assets" / "icon.svg")


def draw() -> None:
    """Draw the menu into the sidebar."""
    with st.sidebar:
        st.markdown("#### Retaguarda", anchors=False)
        section = ""
        with st.container(gap=None):
            for entry in ENTRIES:
                if not entry.is_listed:
                    continue
                if entry.section != section:
                    section = entry.section
                    st.caption(_(section))
                st.page_link(page(entry.name), label=_(entry.title), icon=entry.icon, query_params=state.link())
        st.space("small")
        language_choice()
