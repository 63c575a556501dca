"""The check of the frozen files, at the end of the page: the reader does not wait for it to read."""

from __future__ import annotations

from collections.abc import Sequence

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from dashboard import formats
from dashboard.components.weekly.integrity import Unchecked, discrepancies
from dashboard.components.weekly.marks import damage, integrity_mark
from dashboard.language import _
from dashboard.published import Publication


def check(
    publication: Publication, places: Sequence[tuple[str, DeltaGenerator]], altered: DeltaGenerator | None
) -> None:
    """Fill the places of the integrity marks; what is wrong with the week that is read goes to `altered`."""
    if not places:
        return
    for _week, place in places:
        place.markdown(f":gray-badge[:material/pending: {_('checking')}]")
    try:
        found = discrepancies(publication)
    except Unchecked as problem:
        found = None
        st.caption(_("The files could not be checked: {reason}").format(reason=formats.markdown(str(problem))))
    for week, place in places:
        place.markdown(integrity_mark(week, found))
    if found and altered is not None:
        with altered:
            damage(found, places[0][0])
