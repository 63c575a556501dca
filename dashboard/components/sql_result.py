"""The answer to a statement: rows, a quick chart, downloads; or what went wrong."""

from __future__ import annotations

from typing import Any

import polars as pl
import streamlit as st

from dashboard import formats, statements
from dashboard.charts.quick import MOST_SERIES, numeric_columns, quick_chart, suggested
from dashboard.charts.template import CONFIG
from dashboard.components import downloads
from dashboard.components.sql_run import Outcome, outcome
from dashboard.language import N_, _, plural

FORMS = {"line": N_("Line"), "bar": N_("Bars"), "points": N_("Points")}


def result() -> None:
    """Draw the outcome of the reader's last statement."""
    ended = outcome()
    if ended is None:
        return
    if ended.frame is None:
        st.error(_("No answer"), icon=":material/error:")
        st.code(ended.message, language=None, wrap_lines=True)
        return
    _summary(ended)
    if ended.frame.is_empty():
        st.caption(_("Nothing to show."))
        return
    rows, chart = st.tabs([_("Rows"), _("Chart")])
    with rows:
        st.dataframe(ended.frame, hide_index=True, column_config={name: _column(kind) for name, kind in ended.frame.schema.items()}, height=420 if ended.frame.height > 10 else "content",
                     alt=_("Answer to the statement"))  # fmt: skip
    with chart:
        _chart(ended)


def _column(kind: pl.DataType) -> Any:
    """Dates as SQL writes them, without the time of day that the browser would add; instants to the second."""
    if kind == pl.Date:
        return st.column_config.DateColumn(format="YYYY-MM-DD")
    if kind.is_temporal() and kind.base_type() == pl.Datetime:
        return st.column_config.DatetimeColumn(format="YYYY-MM-DD HH:mm:ss")
    return st.column_config.Column()


def _summary(ended: Outcome) -> None:
    frame = ended.frame
    if frame is None:
        return
    text = plural("{count} row", "{count} rows", frame.height).format(count=formats.number(frame.height))
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        st.markdown(f"{text} · {formats.number(ended.seconds, 2)} s")
        if frame.height:
            downloads.buttons(frame, "query")
    if ended.is_cut:
        most = formats.number(statements.MOST_ROWS)
        st.warning(
            _("There are more rows: only the first {count} are shown and exported.").format(count=most),
            icon=":material/content_cut:",
        )


def _chart(ended: Outcome) -> None:
    frame = ended.frame
    numbers = [] if frame is None else numeric_columns(frame)
    if frame is None or not numbers:
        st.caption(_("A chart needs a column of numbers."))
        return
    choice = suggested(frame)
    with st.container(horizontal=True, vertical_alignment="bottom", gap="small"):
        across = st.selectbox(_("Across"), frame.columns, index=frame.columns.index(choice.across), width=190)
        up = st.selectbox(_("Up"), numbers, index=numbers.index(choice.up), width=190)
        colours = ["", *frame.columns]
        by = st.selectbox(_("One line each"), colours, index=colours.index(choice.by), width=190,
                          format_func=lambda name: name or _("(all in one)"))  # fmt: skip
        form = st.segmented_control(
            _("Form"), list(FORMS), default=choice.form, required=True, format_func=lambda name: _(FORMS[name])
        )
    drawn = quick_chart(frame, across, up, by, form or choice.form)
    st.plotly_chart(drawn.figure, config=CONFIG, key="quick_chart", alt=_("Chart of the answer"))
    if drawn.hidden_series:
        st.caption(_("Only the first {count} series are drawn.").format(count=MOST_SERIES))
    if drawn.hidden_points:
        st.caption(_("{count} points are not drawn.").format(count=formats.number(drawn.hidden_points)))
