"""The frame around every page: language, menu, notices. Started by `dashboard.asgi`."""

from __future__ import annotations

import streamlit as st

from dashboard import language, state
from dashboard.components import menu, paper
from dashboard.components.page import build_notice
from dashboard.language import _
from dashboard.navigation import pages, run
from dashboard.published import NothingPublished

language.activate(state.language())
st.set_page_config(page_title="Retaguarda", page_icon=menu.ICON, layout="wide", initial_sidebar_state=220)
chosen = st.navigation(pages(), position="hidden")
menu.draw()
paper.print_style()
try:
    build_notice()
    run(chosen)
except NothingPublished as nothing:
    st.title(_("Nothing has been published yet"), anchor=False)
    st.info(str(nothing), icon=":material/info:")
finally:
    state.know_session()  # also when a page ends early
