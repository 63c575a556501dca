"""Running a statement: started in the sandbox, watched by a fragment, cancelled by a button, kept in the history."""

from __future__ import annotations

import time
from dataclasses import dataclass

import polars as pl
import streamlit as st

from dashboard import formats, state, statements
from dashboard.language import _
from dashboard.published import Publication
from dashboard.writings import office
from office import queries
from office.queries import Past
from office.store import instant
from sandbox.limits import Cancelled, Refused, TooLarge, TooSlow, Unanswered
from sandbox.pool import Running

RUNNING, OUTCOME = "sql_running", "sql_outcome"
PATIENCE_SECONDS = 1.2  # most answers are there before a progress line would be read


@dataclass(frozen=True)
class Outcome:
    """How the last statement ended: its rows, or the message of what went wrong."""

    statement: str
    seconds: float
    frame: pl.DataFrame | None
    is_cut: bool = False
    message: str = ""


def running() -> Running | None:
    """The statement of this reader that is on its way."""
    return st.session_state.get(RUNNING)


def outcome() -> Outcome | None:
    """How the reader's last statement ended."""
    return st.session_state.get(OUTCOME)


def start(publication: Publication, statement: str, seconds: float) -> None:
    """Start a statement, instead of the one that may still be running, and give it a moment."""
    before = running()
    if before is not None and before.is_done:
        _finish(before)
    elif before is not None:
        before.cancel()
        _keep(before, None, "cancelled")  # it was asked, though nobody waited for its answer
    st.session_state.pop(OUTCOME, None)
    st.session_state[RUNNING] = statements.start(publication, statement, seconds)
    st.session_state[RUNNING].wait(PATIENCE_SECONDS)


def wait_or_cancel() -> None:
    """While something runs: how long, and a button to cancel it. Afterwards: nothing, and the outcome is there."""
    query = running()
    if query is not None and query.is_done:
        _finish(query)
    elif query is not None:
        _progress()


@st.fragment(run_every=0.5)
def _progress() -> None:
    query = running()
    if query is None or query.is_done:
        st.rerun()
        return
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        st.button(_("Cancel"), icon=":material/stop:", key="cancel", on_click=query.cancel)
        seconds = formats.number(time.monotonic() - query.began)
        words = _("Waiting for its turn: {seconds} s") if query.is_waiting else _("Running: {seconds} s")
        st.markdown(words.format(seconds=seconds))


def _finish(query: Running) -> None:
    st.session_state.pop(RUNNING, None)
    rows, ended = None, "done"
    try:
        answer = query.result()
    except Unanswered as failure:
        ended = failure.state
        st.session_state[OUTCOME] = Outcome(query.statement, query.seconds, None, message=_words(failure))
    else:
        rows = answer.frame.height
        st.session_state[OUTCOME] = Outcome(query.statement, query.seconds, answer.frame, answer.is_cut)
    _keep(query, rows, ended)


def _keep(query: Running, rows: int | None, ended: str) -> None:
    seconds = query.seconds if query.is_done else time.monotonic() - query.began
    past = Past(query.statement, instant(), round(seconds, 3), rows, ended)
    queries.remember(office(), state.reader(), past)


def _words(failure: Unanswered) -> str:
    match failure:
        case Refused():
            return str(failure)  # DuckDB's own words, with the place in the statement
        case Cancelled():
            return _("Cancelled.")
        case TooSlow():
            return _("It took longer than the timeout and was stopped. Ask for less, or allow more time.")
        case TooLarge():
            return _("It needed more memory than a query may use and was stopped. Ask for less, or aggregate first.")
        case _other:
            return str(failure)
