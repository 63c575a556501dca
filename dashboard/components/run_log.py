"""The log of runs on the data page: what ran, who started it, when, for how long, how it ended, and what it did."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

import polars as pl
import streamlit as st

from dashboard import formats
from dashboard.components import downloads
from dashboard.components.tables import draw
from dashboard.language import N_, _, plural
from dashboard.published import Publication
from dashboard.writings import office
from office import runs
from office.runs import Run

SHOWN = 200
# A shape before the word: a state is seen without colour.
STATES = {
    runs.RUNNING: N_("◌ running"),
    runs.DONE: N_("✓ done"),
    runs.FAILED: N_("✗ failed"),
    runs.KILLED: N_("⊘ killed"),
}
STARTERS = {"person": N_("a person"), "page": N_("a page"), "schedule": N_("the schedule")}
PHRASES = {  # step, fact → what is said of it
    ("fetched", "files"): (N_("{count} file fetched"), N_("{count} files fetched")),
    ("loaded", "files"): (N_("{count} file read"), N_("{count} files read")),
    ("loaded", "rejected"): (N_("{count} file rejected"), N_("{count} files rejected")),
    ("loaded", "held"): (N_("{count} file held"), N_("{count} files held")),
    ("loaded", "rows_loaded"): (N_("{count} row loaded"), N_("{count} rows loaded")),
    ("loaded", "rows_quarantined"): (N_("{count} row quarantined"), N_("{count} rows quarantined")),
    ("built", "tests"): (N_("{count} data test"), N_("{count} data tests")),
    ("published", "values"): (N_("{count} value published"), N_("{count} values published")),
    ("deliver", "sent"): (N_("{count} pack delivered"), N_("{count} packs delivered")),
    ("deliver", "failed"): (N_("{count} pack not delivered"), N_("{count} packs not delivered")),
    ("sent", "messages"): (N_("{count} message sent"), N_("{count} messages sent")),
    ("alerted", "sent"): (N_("{count} alert sent"), N_("{count} alerts sent")),
    ("alerted", "failed"): (N_("{count} alert not sent"), N_("{count} alerts not sent")),
}


def view(_publication: Publication) -> None:
    """The latest runs, the latest first. What the last one did, or why it failed, is said in a sentence above them."""
    found = runs.listed(office(), limit=SHOWN)
    if not found:
        st.info(
            _("Nothing has run yet. Loading, building, publishing, freezing and delivering are entered here."),
            icon=":material/history:",
        )
        return
    _last(found)
    frame = _frame(found)
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        st.markdown(plural("{count} run", "{count} runs", len(found)).format(count=formats.number(len(found))))
        downloads.buttons(frame, "runs")
    told = frame if any(frame["message"]) else frame.drop("message")  # an empty column would take room from the others
    draw(told, _("The latest runs, with how each ended and what it did"))


def _last(found: Sequence[Run]) -> None:
    """How the latest run that has ended ended; in full, where the table has no room for it."""
    ended = next((run for run in found if run.state != runs.RUNNING), None)
    if ended is None:
        return
    if ended.state == runs.DONE:
        done = outcome(ended.summary)
        if done:
            st.markdown(_("The last run: {outcome}.").format(outcome=formats.markdown(done)))
        return
    text = {
        runs.FAILED: _("The last run failed: `{command}`, {moment}."),
        runs.KILLED: _("The last run was killed: `{command}`, {moment}."),
    }[ended.state]
    told = text.format(command=ended.command, moment=formats.moment(datetime.fromisoformat(ended.started_at)))
    st.warning(told + "  \n" + formats.markdown(_message(ended)), icon=":material/report:")


def _frame(found: Sequence[Run]) -> pl.DataFrame:
    rows = [
        {
            "run_state": _(STATES[run.state]),
            "command": run.command,
            "started_by": _(STARTERS.get(run.started_by, run.started_by)),
            "started_at": datetime.fromisoformat(run.started_at).replace(tzinfo=None),
            "took": _took(run),
            "outcome": outcome(run.summary),
            "message": _message(run),
        }
        for run in found
    ]
    return pl.DataFrame(rows)


def _message(run: Run) -> str:
    """What the run told of itself; one that was killed could not."""
    if run.state == runs.KILLED:
        return _("The process ended without saying so: it was killed, or the machine stopped.")
    return run.message


def _took(run: Run) -> str:
    """How long it ran; nothing where nobody knows."""
    if run.ended_at is None:
        return ""
    first, last = (datetime.fromisoformat(text) for text in (run.started_at, run.ended_at))
    return formats.elapsed((last - first).total_seconds())


def outcome(summary: Mapping[str, Any]) -> str:
    """`3 files read; 1,204 rows loaded; 18,000 values published; frozen: 2026-W46`."""
    parts = []
    for (step, fact), (singular, several) in PHRASES.items():
        count = summary.get(step, {}).get(fact)
        if isinstance(count, int) and count:
            parts.append(plural(singular, several, count).format(count=formats.number(count)))
    weeks = summary.get("frozen", {}).get("weeks")
    if weeks:
        parts.append(_("frozen: {weeks}").format(weeks=", ".join(map(str, weeks))))
    return "; ".join(parts)
