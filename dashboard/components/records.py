"""The records behind a point: a paged table down to file and line, and a CSV of all of them."""

from __future__ import annotations

from typing import Any

import polars as pl
import streamlit as st

from dashboard import exports, formats, vocabulary
from dashboard.language import _, active, plural
from dashboard.published import Publication
from dashboard.queries import records
from dashboard.queries.records import RecordQuestion

PAGE_SIZE = 25
MOST_EXPORTED = 100_000


def record_table(publication: Publication, question: RecordQuestion) -> None:
    """The table with its pages and the download; what is missing is said in words."""
    definition = question.definition
    if not definition.records_model or not records.model_columns(publication, definition.records_model):
        st.caption(_("No records are published for this KPI."))
        return
    total = records.count(publication, question)
    if not total:
        st.caption(_("No record in this period."))
        return
    language = active()  # the download is written in another thread, which has no active language
    pages = -(-total // PAGE_SIZE)
    with st.container(horizontal=True, vertical_alignment="center", gap="medium"):
        st.markdown(
            plural("{count} record", "{count} records", total).format(count=formats.number(total))
            + f" · {formats.day(question.start)} – {formats.day(question.end)}"
        )
        st.download_button(
            _("Download CSV"),
            data=lambda: exports.csv_bytes(records.page(publication, question, MOST_EXPORTED, 0), language),
            file_name=f"{definition.name}_{question.start.isoformat()}_{question.end.isoformat()}.csv",
            mime="text/csv",
            icon=":material/download:",
            on_click="ignore",
        )
    # The page of the table belongs to the question: another period starts at its first page again.
    key = f"records_{definition.name}_{question.start}_{question.dimension}_{question.member}"
    number = st.pagination(pages, key=key) if pages > 1 else 1
    shown = records.page(publication, question, PAGE_SIZE, (number - 1) * PAGE_SIZE)
    st.dataframe(
        readable(shown),
        hide_index=True,
        height="content",
        column_config={name: _column(name, str(kind)) for name, kind in shown.schema.items()},
        alt=_("Records behind {label}").format(label=definition.label),
    )
    if total > MOST_EXPORTED:
        st.caption(_("The download holds the first {count} records.").format(count=formats.number(MOST_EXPORTED)))


def table_columns(frame: pl.DataFrame) -> dict[str, Any]:
    """How each column of a table is shown: title in words, dates and amounts in the reader's format."""
    return {name: _column(name, str(kind)) for name, kind in frame.schema.items()}


def readable(table: pl.DataFrame) -> pl.DataFrame:
    """Decimals as text in the reader's format: the table itself would follow the browser's language instead."""
    return table.with_columns(
        pl.Series(name, [formats.number(None if value is None else float(value), 2) for value in table[name]])
        for name, kind in table.schema.items()
        if kind.is_decimal() or kind.is_float()
    )


def _column(name: str, kind: str):
    """How a column is shown: title in words, dates and amounts in the reader's format."""
    title = vocabulary.column(name)
    if kind == "Date":
        return st.column_config.DateColumn(title, format="DD/MM/YYYY" if active() == "pt_BR" else "D MMM YYYY")
    if kind.startswith("Datetime"):
        return st.column_config.DatetimeColumn(
            title, format="DD/MM/YYYY HH:mm" if active() == "pt_BR" else "D MMM YYYY HH:mm"
        )
    if kind.startswith(("Decimal", "Float")):
        return st.column_config.TextColumn(title, alignment="right")
    if kind.startswith(("Int", "UInt")):
        return st.column_config.NumberColumn(title, format="%d")
    return st.column_config.Column(title)
