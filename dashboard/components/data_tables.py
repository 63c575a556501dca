"""Tables of the data page: states in words, everything in the reader's formats."""

from __future__ import annotations

from collections.abc import Mapping

import polars as pl
import streamlit as st

from dashboard.components.records import table_columns
from dashboard.language import N_, _

STATES = {
    "fresh": N_("fresh"),
    "stale": N_("stale"),
    "never": N_("never loaded"),
    "loaded": N_("loaded"),
    "unchanged": N_("unchanged"),
    "rejected": N_("rejected"),
    "pass": N_("passed"),
    "warn": N_("warning"),
    "fail": N_("failed"),
    "error": N_("error"),
}


def worded(frame: pl.DataFrame, columns: Mapping[str, Mapping[str, str]]) -> pl.DataFrame:
    """The frame with the codes of some columns in the reader's words; a code without a word stays."""
    return frame.with_columns(
        pl.col(name).replace({code: _(word) for code, word in words.items()}) for name, words in columns.items()
    )


def show(frame: pl.DataFrame, description: str) -> None:
    """A table of the page, or one line where there is nothing to show."""
    if frame.is_empty():
        st.caption(_("Nothing to show."))
        return
    st.dataframe(
        frame,
        hide_index=True,
        height=620 if frame.height > 16 else "content",
        column_config=table_columns(frame),
        alt=description,
    )
