"""SQL: an analyst's own questions to the published file, in a sandbox; saved, shared, charted and exported."""

from __future__ import annotations

import streamlit as st

from dashboard import state, statements
from dashboard.components import page, sql_browser, sql_shelf
from dashboard.components.sql_editor import sql_editor
from dashboard.components.sql_result import result
from dashboard.components.sql_run import start, wait_or_cancel
from dashboard.components.sql_source import opened, put_into_address
from dashboard.language import _
from dashboard.queries import schema

publication = page.publication()
statements.pool().prepare()
page.title_line(_("SQL"))
page.stamp_line(publication)

writing, browsing = st.columns([3, 1.25], gap="medium")
with writing:
    source = opened()
    if source.saved is not None:
        sql_shelf.headline(source.saved)
    text, is_asked = sql_editor(source.text, source.revision, schema.completion(publication))
    with st.container(horizontal=True, vertical_alignment="bottom", gap="small"):
        is_asked |= st.button(_("Run"), icon=":material/play_arrow:", key="run")
        seconds = state.select(
            "timeout", _("Timeout"), [str(seconds) for seconds in statements.TIMEOUTS], default="30", words=_("{} s").format,
            width=90, label_visibility="collapsed",
        )  # fmt: skip
        sql_shelf.save_form(text, source.saved)
    if (is_asked or source.is_new) and text.strip():
        put_into_address(text, source.saved)
        start(publication, text, float(seconds))
    wait_or_cancel()
    result()
with browsing:
    tables, shelf, past = st.tabs([_("Tables"), _("Saved"), _("History")])
    with tables:
        sql_browser.tables(publication)
    with shelf:
        sql_shelf.saved_queries()
    with past:
        sql_shelf.history()
