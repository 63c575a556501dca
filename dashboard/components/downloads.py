"""Downloads of a table: CSV, Excel and Parquet, each made only when it is asked for."""

from __future__ import annotations

import polars as pl
import streamlit as st

from dashboard import exports
from dashboard.language import _, active

SPREADSHEET = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def buttons(frame: pl.DataFrame, name: str) -> None:
    """One button a format."""
    language = active()  # a download is written in another thread, which has no active language
    made = {
        "csv": ("CSV", lambda: exports.csv_bytes(frame, language), "text/csv"),
        "xlsx": ("XLSX", lambda: exports.xlsx_bytes(frame), SPREADSHEET),
        "parquet": ("Parquet", lambda: exports.parquet_bytes(frame), "application/vnd.apache.parquet"),
    }
    for ending, (title, write, mime) in made.items():
        st.download_button(
            title, data=write, file_name=f"{name}.{ending}", mime=mime, icon=":material/download:", on_click="ignore",
            key=f"download_{name}_{ending}", help=_("Download {format}").format(format=title), type="tertiary",
        )  # fmt: skip
