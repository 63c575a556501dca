"""Data: where the numbers come from. Freshness, loads with control totals, quarantine, tests, dictionary."""

from __future__ import annotations

import polars as pl
import streamlit as st

from dashboard import exports, formats, state
from dashboard.components import held, page, quarantine_files, upload
from dashboard.components.data_tables import STATES, worded
from dashboard.components.tables import draw
from dashboard.language import N_, _, active, plural
from dashboard.queries import loads
from dashboard.queries.publication import stamp

VIEWS = {
    "sources": N_("Sources"),
    "files": N_("Files"),
    "quarantine": N_("Quarantine"),
    "tests": N_("Tests"),
    "dictionary": N_("Dictionary"),
    "upload": N_("Upload"),
}
MOST_QUARANTINED = 2_000

publication = page.publication()
page.title_line(_("Data"))
page.stamp_line(publication)

sources = loads.sources(publication, active())
counts = ("rows_read", "rows_loaded", "rows_unchanged", "rows_quarantined", "rows_left_out")
totals = sources.select(pl.col(counts).sum()).row(0, named=True)
sentence = _("Read {read} rows = {loaded} loaded + {unchanged} unchanged + {quarantined} quarantined.")
if totals["rows_left_out"]:
    sentence = _(
        "Read {read} rows = {loaded} loaded + {unchanged} unchanged + {quarantined} quarantined + {left_out} left out."
    )
st.markdown(
    sentence.format(**{name.removeprefix("rows_"): f"**{formats.number(total)}**" for name, total in totals.items()})
)
view = state.segments("view", _("View"), list(VIEWS), words=lambda name: _(VIEWS[name]), label_visibility="collapsed")

if view == "sources":
    draw(worded(sources, {"state": STATES}), _("Each export, when it was last loaded, and what its files held"))
elif view == "upload":
    upload.view()
elif view == "files":
    held.notice()
    files = loads.files(publication)
    rejected = files.filter(pl.col("state") == "rejected").height
    if rejected:
        text = plural("{count} file was rejected.", "{count} files were rejected.", rejected)
        st.warning(text.format(count=formats.number(rejected)), icon=":material/block:")
    st.caption(_("The control total of a file is the sum of one column of it: read equals accounted for, to the cent."))
    draw(
        worded(files, {"state": STATES}), _("Each file that was loaded or rejected, with its counts and control totals")
    )
elif view == "quarantine":
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
elif view == "tests":
    tests = loads.tests(publication)
    passed = tests.filter(pl.col("status") == "pass").height
    st.markdown(
        _("{passed} of {all} data tests passed.").format(
            passed=formats.number(passed), all=formats.number(tests.height)
        )
    )
    draw(worded(tests, {"status": STATES, "severity": STATES}), _("Data tests of this publication"))
else:
    wanted = st.text_input(_("Search models, columns and descriptions"), key="dictionary_search")
    draw(loads.dictionary(publication, wanted.strip()), _("Columns of the published models"))

shown = stamp(publication)
st.caption(_("Publication {name}").format(name=formats.markdown(shown.publication_id)))
