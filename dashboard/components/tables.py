"""Tables in the reader's formats: the browser's own formatting would follow its language, not the reader's choice."""

from __future__ import annotations

from typing import Any

import polars as pl
import streamlit as st

from dashboard import formats, vocabulary
from dashboard.language import _, active

COUNTS = ("rows", "rows_", "documents", "failures")  # names of columns that count, and deserve a thousands mark
TALL = 16  # rows beyond which a table scrolls
TALL_HEIGHT = 620


def draw(frame: pl.DataFrame, description: str) -> None:
    """A table, or one line where there is nothing to show. `description` is read to people who cannot see it."""
    if frame.is_empty():
        st.caption(_("Nothing to show."))
        return
    st.dataframe(
        _readable(frame),
        hide_index=True,
        height=TALL_HEIGHT if frame.height > 3 * TALL else "content",
        column_config={name: _column(name, kind) for name, kind in frame.schema.items()},
        placeholder=formats.MISSING,
        alt=description,
    )


def _is_count(name: str, kind: pl.DataType) -> bool:
    return kind.is_integer() and (name in COUNTS or name.startswith("rows_"))


def _readable(frame: pl.DataFrame) -> pl.DataFrame:
    """Decimals and counts as text in the reader's format, missing text as nothing."""
    changed = []
    frame = formats.local_times(frame)
    for name, kind in frame.schema.items():
        if kind.is_decimal() or kind.is_float():
            texts = [formats.number(None if value is None else float(value), 2) for value in frame[name]]
            changed.append(pl.Series(name, texts))
        elif _is_count(name, kind):
            changed.append(pl.Series(name, [formats.number(value) for value in frame[name]]))
        elif kind == pl.String:
            changed.append(frame[name].fill_null(""))
    return frame.with_columns(changed)


def _column(name: str, kind: pl.DataType) -> Any:
    """How a column is shown: title in words, dates and amounts in the reader's format."""
    title = vocabulary.column(name)
    is_brazilian = active() == "pt_BR"
    if kind == pl.Date:
        return st.column_config.DateColumn(title, format="DD/MM/YYYY" if is_brazilian else "D MMM YYYY")
    if kind.is_temporal():
        return st.column_config.DatetimeColumn(title, format="DD/MM/YYYY HH:mm" if is_brazilian else "D MMM YYYY HH:mm")
    if kind.is_decimal() or kind.is_float() or _is_count(name, kind):
        return st.column_config.TextColumn(title, alignment="right")
    if kind.is_integer():
        return st.column_config.NumberColumn(title, format="%d")
    return st.column_config.Column(title)
