"""Data: where the numbers come from. Each view is drawn only when it is chosen; which one stands in the address."""

from __future__ import annotations

from collections.abc import Callable

import streamlit as st

from dashboard import formats, state
from dashboard.components import data_loads, data_tests, dictionary, lineage, page, run_log, upload
from dashboard.language import N_, _
from dashboard.published import Publication
from dashboard.queries.publication import stamp

View = Callable[[Publication], None]

VIEWS: dict[str, tuple[str, View]] = {
    "sources": (N_("Sources"), data_loads.sources),
    "files": (N_("Files"), data_loads.files),
    "quarantine": (N_("Quarantine"), data_loads.quarantine),
    "tests": (N_("Tests"), data_tests.view),
    "runs": (N_("Runs"), run_log.view),
    "lineage": (N_("Lineage"), lineage.view),
    "dictionary": (N_("Dictionary"), dictionary.view),
    "upload": (N_("Upload"), lambda _publication: upload.view()),
}

publication = page.publication()
page.title_line(_("Data"))
page.stamp_line(publication)
data_loads.conservation(publication)
view = state.segments(
    "view", _("View"), list(VIEWS), words=lambda name: _(VIEWS[name][0]), label_visibility="collapsed"
)
VIEWS[view][1](publication)
st.caption(_("Publication {name}").format(name=formats.markdown(stamp(publication).publication_id)))
