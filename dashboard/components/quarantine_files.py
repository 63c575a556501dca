"""Quarantined rows of one file as it was written, the reason beside each: to be mended and loaded again."""

from __future__ import annotations

import tempfile
from pathlib import Path

import polars as pl
import streamlit as st

from dashboard import command, formats
from dashboard.language import _

CHOSEN = "quarantine_files"


def download(files: pl.DataFrame) -> None:
    """Choose a file (columns file_id, file_name, rows), write its rows, and download them."""
    if files.is_empty():
        return
    names = {
        row["file_id"]: f"{row['file_name']} ({formats.number(row['rows'])})" for row in files.iter_rows(named=True)
    }
    with st.container(horizontal=True, vertical_alignment="bottom", gap="medium"):
        chosen = st.selectbox(
            _("Mend the rows of a file"), list(names), format_func=lambda number: names[number], width=420,
            help=_("The rows as they stood in the export, with the reason beside each; mended, they load again."),
        )  # fmt: skip
        if st.button(_("Prepare the file"), icon=":material/build:") and chosen is not None:
            st.session_state[CHOSEN] = (chosen, *_written(chosen))
    if CHOSEN not in st.session_state or st.session_state[CHOSEN][0] != chosen:
        return
    _number, message, written = st.session_state[CHOSEN]
    if message:
        st.error(formats.markdown(message), icon=":material/block:")
    elif not written:
        st.caption(_("All of these rows have been loaded in good order since."))
    for name, content in written:
        st.download_button(
            _("Download {file}").format(file=name), data=content, file_name=name, mime="text/csv",
            icon=":material/download:", on_click="ignore",
        )  # fmt: skip


def _written(number: int) -> tuple[str, list[tuple[str, bytes]]]:
    """The message of a failure, and the files that were written."""
    with tempfile.TemporaryDirectory(prefix="retaguarda_") as folder, st.spinner(_("Preparing …")):
        answer = command.run("quarantine", str(number), "--out", folder)
        if not answer.is_done:
            return answer.message, []
        return "", [(path.name, path.read_bytes()) for path in map(Path, answer.content["written"])]
