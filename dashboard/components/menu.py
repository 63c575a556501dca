"""The menu at the side: pages (links carry language, unit and grain along), and the language."""

from __future__ import annotations

from pathlib import Path

import streamlit as st

from dashboard import state
from dashboard.components.page import language_choice
from dashboard.language import _, active
from dashboard.navigation import AREAS, ENTRIES, page
from dashboard.published import NothingPublished, current
from dashboard.queries.definitions import definitions

ICON = str(Path(__file__).parents[1] / "assets" / "icon.svg")


def published_areas() -> set[str]:
    """Areas that have KPIs in the publication; none before the first one."""
    try:
        return {kpi.area for kpi in definitions(current(), active()).values()}
    except NothingPublished:
        return set()


def draw() -> None:
    """Draw the menu into the sidebar: the areas of which something is published, and the other pages."""
    areas = published_areas()
    with st.sidebar:
        st.markdown("**Retaguarda**")
        section = ""
        with st.container(gap="xsmall"):  # links 24 pixels apart, so that a finger meets one
            for entry in ENTRIES:
                if not entry.is_listed or (entry.section == AREAS and entry.name not in areas):
                    continue
                if entry.section != section:
                    section = entry.section
                    st.caption(_(section))
                st.page_link(
                    page(entry.name), label=_(entry.short or entry.title), icon=entry.icon, query_params=state.link()
                )
        st.space("small")
        language_choice()
