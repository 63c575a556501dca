"""What the SQL editor begins with, from the URL: a saved query (`?query=`), a statement (`?sql=`), or an example."""

from __future__ import annotations

from dataclasses import dataclass

import streamlit as st

from dashboard.language import _
from dashboard.queries.schema import EXAMPLE
from dashboard.writings import office
from office import queries
from office.queries import SavedQuery

LONGEST_IN_ADDRESS = 4_000  # characters; a longer statement is saved to be shared
SEEN, REVISION, TEXT = "sql_address", "sql_revision", "sql_text"


@dataclass(frozen=True)
class Source:
    """The editor's first text; another `revision` replaces what is being written. `is_new`: to be run at once."""

    text: str
    revision: str
    saved: SavedQuery | None
    is_new: bool


def _address() -> tuple[str, str]:
    return st.query_params.get("query", ""), st.query_params.get("sql", "")


def _example() -> str:
    """What the editor begins with: the keys in the reader's language, and a question."""
    return f"-- {_('Ctrl+Space completes, Ctrl+Enter runs.')}\n{EXAMPLE}"


def opened() -> Source:
    """The source that the URL names now; a link, the back button and a reload all lead here."""
    identifier, statement = _address()
    saved = queries.find(office(), identifier) if identifier else None
    is_changed = st.session_state.get(SEEN) != (identifier, statement)
    if is_changed:
        st.session_state[SEEN] = (identifier, statement)
        st.session_state[REVISION] = st.session_state.get(REVISION, 0) + 1
        st.session_state[TEXT] = saved.statement if saved else statement or _example()
    is_new = is_changed and bool(saved or statement)
    return Source(st.session_state[TEXT], str(st.session_state[REVISION]), saved, is_new)


def put_into_address(text: str, saved: SavedQuery | None) -> None:
    """Make the URL reproduce what is being run, without replacing what stands in the editor."""
    if saved is not None and saved.statement == text.strip():
        return
    st.query_params.pop("query", None)
    st.query_params.pop("sql", None)
    if text.strip() != _example() and len(text) <= LONGEST_IN_ADDRESS:
        st.query_params["sql"] = text
    st.session_state[SEEN] = _address()


def open_statement(text: str) -> None:
    """Put a statement into the editor (a callback of a button)."""
    st.query_params.pop("query", None)
    st.query_params["sql"] = text


def open_saved(identifier: str) -> None:
    """Open a saved query (a callback of a button)."""
    st.query_params.pop("sql", None)
    st.query_params["query"] = identifier
