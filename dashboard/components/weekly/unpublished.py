"""What is said where there is no frozen week to read: none yet, one that is altered, one that is not published yet."""

from __future__ import annotations

import streamlit as st

from dashboard import formats
from dashboard.components.weekly.integrity import Unchecked, discrepancies
from dashboard.components.weekly.marks import damage
from dashboard.language import _
from dashboard.published import Publication
from dashboard.queries.snapshots import Snapshot
from dashboard.queries.weeks import complete_weeks


def nothing_frozen() -> None:
    """Before the first frozen week: what a frozen week is for, and how one comes to be."""
    st.info(
        _(
            "No week is frozen yet. A frozen week keeps what was reported, unchanged for ever, so that it can be quoted"
            " and every later difference explained."
        )
        + "  \n"
        + _(
            "`retaguarda refresh` freezes each week by itself when it is over and its exports have come;"
            " `retaguarda freeze` keeps the last complete week now."
        ),
        icon=":material/lock_clock:",
    )


def not_frozen_yet(publication: Publication, latest: Snapshot | None) -> None:
    """A week that is over and not frozen is said, so that nobody takes the one before it for the latest."""
    over = complete_weeks(publication)
    if latest is None or not over or over[0] <= latest.start:
        return
    text = _("{week} is over and not frozen yet: it waits for its exports, or for the next `retaguarda refresh`.")
    st.caption(f":material/hourglass_top: {text.format(week=formats.period(over[0], 'week'))}")


def not_published(publication: Publication, week: str) -> None:
    """A week whose files lie in the data folder and which the publication does not hold: why, and what to do."""
    try:
        with st.spinner(_("Checking the files …")):
            found = discrepancies(publication)
    except Unchecked as problem:
        st.warning(formats.markdown(str(problem)), icon=":material/report:")
        return
    if any(one.week == week for one in found):
        st.warning(
            _("Week {week} is not published: nobody should read altered figures.").format(week=week),
            icon=":material/visibility_off:",
        )
        damage(found, week)
    else:
        text = _("Week {week} was frozen after this publication. `retaguarda refresh` publishes it.")
        st.info(text.format(week=week), icon=":material/hourglass_top:")
