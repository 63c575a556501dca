"""What a load did, file by file: rows and control totals, and the first rows that were held back."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import polars as pl
import streamlit as st

from dashboard import formats
from dashboard.components.data_tables import STATES, worded
from dashboard.components.tables import draw
from dashboard.language import _

COUNTS = (
    "rows_read",
    "rows_loaded",
    "rows_versioned",
    "rows_unchanged",
    "rows_quarantined",
    "rows_left_out",
    "rows_closed",
)
ALWAYS = ("loaded", "quarantined")  # said also when there are none
PARTS = ("control_loaded", "control_unchanged", "control_quarantined", "control_left_out")


def report(files: Sequence[Mapping[str, Any]]) -> None:
    """The report of `retaguarda load` for some files."""
    for file in files:
        if file["state"] in ("rejected", "held"):
            text = formats.markdown(f"{file['message']} {file['remedy']}".strip())
            (st.error if file["state"] == "rejected" else st.warning)(text, icon=":material/block:")
    rows = [row for file in files for row in _rows(file)]
    if rows:
        frame = pl.DataFrame(rows, infer_schema_length=None)
        draw(worded(frame, {"state": STATES}), _("What became of the rows of each file"))
    problems(
        [problem["message"] for file in files for problem in file["quarantine"]], _("Rows held back, with the reason")
    )
    notes = [note for file in files for note in file["notes"]]
    if notes:
        st.caption("  \n".join(map(formats.markdown, notes)))


def conservation(table: Mapping[str, Any], labels: Mapping[str, str]) -> None:
    """`Read 5 rows = 4 loaded + …`, and the same of the control total, in one line each; `labels` name the columns."""
    words = {
        "loaded": _("{count} loaded"),
        "unchanged": _("{count} unchanged"),
        "quarantined": _("{count} quarantined"),
        "left_out": _("{count} left out"),
    }
    parts = [
        word.format(count=f"**{formats.number(table[f'rows_{name}'])}**")
        for name, word in words.items()
        if name in ALWAYS or table[f"rows_{name}"]
    ]
    st.markdown(
        _("Read {read} rows = {parts}").format(
            read=f"**{formats.number(table['rows_read'])}**", parts=" + ".join(parts)
        )
    )
    if table["control_column"] and table["control_read"] is not None:
        sums = [
            word.format(count=formats.number(float(table[f"control_{name}"] or 0), 2))
            for name, word in words.items()
            if name in ALWAYS or float(table[f"control_{name}"] or 0)
        ]
        total = formats.number(float(table["control_read"]), 2)
        st.caption(
            _("Control total of {column}: {read} = {parts}").format(
                column=f"“{formats.markdown(labels.get(table['control_column'], table['control_column']))}”",
                read=total,
                parts=" + ".join(sums),
            )
        )


def problems(messages: Sequence[str], title: str) -> None:
    """The first problems, a row each; nothing where there are none."""
    if messages:
        st.caption(title)
        draw(pl.DataFrame({"reason": list(messages)}), title)


def _rows(file: Mapping[str, Any]) -> list[dict[str, Any]]:
    found = []
    for table in file["tables"]:
        has_control = table["control_read"] is not None
        found.append(
            {"file_name": file["file_name"], "state": file["state"], "table_name": table["table"]}
            | {name: table[name] for name in COUNTS}
            | {
                "control_read": float(table["control_read"]) if has_control else None,
                "control_accounted": sum(float(table[name] or 0) for name in PARTS) if has_control else None,
            }
        )
    return found
