"""What was loaded: sources with freshness and control totals, files, and the rows that were held back."""

from __future__ import annotations

import polars as pl
import streamlit as st

from dashboard import exports, formats
from dashboard.components import held, quarantine_files
from dashboard.components.data_tables import STATES, worded
from dashboard.components.tables import draw
from dashboard.language import _, active, plural
from dashboard.published import Publication
from dashboard.queries import loads

MOST_QUARANTINED = 2_000
COUNTS = ("rows_read", "rows_loaded", "rows_unchanged", "rows_quarantined", "rows_left_out")


def conservation(publication: Publication) -> None:
    """Read = loaded + unchanged + quarantined (+ left out), in one sentence."""
    totals = loads.sources(publication, active()).select(pl.col(COUNTS).sum()).row(0, named=True)
    sentence = _("Read {read} rows = {loaded} loaded + {unchanged} unchanged + {quarantined} quarantined.")
    if totals["rows_left_out"]:
        sentence = _(
            "Read {read} rows = {loaded} loaded + {unchanged} unchanged + {quarantined} quarantined + {left_out} left out."
        )
    st.markdown(
        sentence.format(
            **{name.removeprefix("rows_"): f"**{formats.number(total)}**" for name, total in totals.items()}
        )
    )


def sources(publication: Publication) -> None:
    """Each export, its freshness, counts and control totals."""
    st.caption(_("The control total of a file is the sum of one column of it: read equals accounted for, to the cent."))
    draw(
        worded(loads.sources(publication, active()), {"state": STATES}),
        _("Each export, when it was last loaded, and what its files held"),
    )


def files(publication: Publication) -> None:
    """Each file, those that wait to be confirmed above."""
    held.notice()
    found = loads.files(publication)
    rejected = found.filter(pl.col("state") == "rejected").height
    if rejected:
        text = plural("{count} file was rejected.", "{count} files were rejected.", rejected)
        st.warning(text.format(count=formats.number(rejected)), icon=":material/block:")
    st.caption(_("The control total of a file is the sum of one column of it: read equals accounted for, to the cent."))
    draw(
        worded(found, {"state": STATES}), _("Each file that was loaded or rejected, with its counts and control totals")
    )


def quarantine(publication: Publication) -> None:
    """Rows held back, with downloads of them in the layout of their file and as a list."""
    count = loads.quarantined_rows(publication)
    rows = loads.quarantine(publication, MOST_QUARANTINED)
    with st.container(horizontal=True, vertical_alignment="center", gap="medium"):
        st.markdown(
            plural("{count} row is held back.", "{count} rows are held back.", count).format(
                count=formats.number(count)
            )
        )
        language = active()  # the download is written in another thread, which has no active language
        st.download_button(
            _("Download CSV"), data=lambda: exports.csv_bytes(rows, language), file_name="quarantine.csv", mime="text/csv",
            icon=":material/download:", on_click="ignore",
        )  # fmt: skip
    st.caption(_("Mend the line in its file and load the file again: what is known already stays as it is."))
    quarantine_files.download(loads.quarantined_files(publication))
    draw(rows, _("Rows held back, with the reason and the remedy"))
