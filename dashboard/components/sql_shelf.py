"""Saved queries, which everybody may open by their link, and the reader's own history."""

from __future__ import annotations

from datetime import datetime

import streamlit as st

from dashboard import formats, state
from dashboard.components.sql_source import open_saved, open_statement
from dashboard.language import N_, _, plural
from dashboard.writings import office
from office import queries
from office.queries import SavedQuery

PROBLEMS = {
    "title": N_("Give the query a name of at most 200 characters."),
    "statement": N_("There is no statement to save, or it is too long."),
}
ENDS = {"failed": N_("failed"), "stopped": N_("stopped"), "cancelled": N_("cancelled")}
HEIGHT = 500
SHOWN = 400  # characters of a statement in the history


def headline(saved: SavedQuery) -> None:
    """Name and author of the query that the link names."""
    who = _("by {author}").format(author=formats.markdown(saved.author)) if saved.author else ""
    st.markdown(f":material/bookmark: **{formats.markdown(saved.title)}** :gray[{who}]")


def save_form(text: str, saved: SavedQuery | None) -> None:
    """Keep the statement under a name; the link of what was kept is then in the address."""
    is_own = saved is not None and saved.owner == state.reader() != ""
    with st.popover(_("Save"), icon=":material/bookmark_add:"):
        with st.form("save_query", border=False):
            title = st.text_input(_("Name"), value=saved.title if saved else "", max_chars=200)
            author = st.text_input(_("Your name"), value=state.reader_name(), max_chars=80)
            is_new = st.form_submit_button(_("Save as new"))
            is_changed = is_own and st.form_submit_button(_("Save changes"))
        if is_new or is_changed:
            state.remember_name(author)
            try:
                kept = (
                    queries.change(office(), saved.query_id, title, text, state.reader())
                    if is_changed and saved is not None
                    else queries.save(office(), title, text, author, state.reader())
                )
            except ValueError as problem:
                st.error(_(PROBLEMS[str(problem)]))
            else:
                open_saved(kept.query_id)
                st.rerun()
        st.caption(_("Whoever has the link can open it: the address of this page."))


def saved_queries() -> None:
    """Everybody's saved queries."""
    kept = queries.saved(office())
    if not kept:
        st.caption(_("No query has been saved yet."))
    with st.container(height=HEIGHT, border=False, gap="xsmall"):
        for query in kept:
            with st.container(horizontal=True, vertical_alignment="center", gap="xsmall"):
                st.button(formats.markdown(query.title), key=f"open_{query.query_id}", type="tertiary", on_click=open_saved,
                          args=(query.query_id,), help=formats.markdown(query.author) or None)  # fmt: skip
                if query.owner and query.owner == state.reader():
                    st.button("", key=f"remove_{query.query_id}", icon=":material/delete:", type="tertiary",
                              on_click=queries.remove, args=(office(), query.query_id, query.owner),
                              help=_("Delete"))  # fmt: skip


def history() -> None:
    """What this reader ran, the latest first."""
    past = queries.history(office(), state.reader())
    if not past:
        st.caption(_("Nothing has been run yet."))
    with st.container(height=HEIGHT, border=False, gap="small"):
        for number, entry in enumerate(past):
            told = [formats.moment(datetime.fromisoformat(entry.started_at)), f"{formats.number(entry.seconds, 2)} s"]
            if entry.rows is not None:
                told.append(plural("{count} row", "{count} rows", entry.rows).format(count=formats.number(entry.rows)))
            if entry.state in ENDS:
                told.append(_(ENDS[entry.state]))
            with st.container(horizontal=True, vertical_alignment="center", gap="xsmall"):
                st.caption(" · ".join(told), width="stretch")
                st.button(_("Open"), key=f"again_{number}", type="tertiary", on_click=open_statement,
                          args=(entry.statement,))  # fmt: skip
            st.code(entry.statement[:SHOWN], language="sql", wrap_lines=True)
