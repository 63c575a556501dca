"""Customers: how the answers are spread, and what detractors write."""

from __future__ import annotations

import streamlit as st

from dashboard import formats
from dashboard.charts.bars import Bar, columns
from dashboard.charts.template import BETTER, ORDINARY, WORSE
from dashboard.codes import worded
from dashboard.components.area import chart, nothing
from dashboard.components.tables import draw
from dashboard.language import _
from dashboard.published import Publication
from dashboard.queries.areas import area_table
from dashboard.queries.definitions import business_units


def score_distribution(publication: Publication, unit: str) -> None:
    """Answers by score, 0 to 10, coloured as detractors, passives and promoters."""
    st.subheader(_("Answers by score, last 13 weeks"), anchor=False)
    counts = dict(area_table(publication, "score_counts", unit).iter_rows())
    if not counts:
        nothing(_("No answer in the last 13 weeks."))
        return
    bars = [
        Bar(
            str(score),
            counts.get(score, 0),
            formats.number(counts.get(score, 0)),
            WORSE if score <= 6 else ORDINARY if score <= 8 else BETTER,
        )
        for score in range(11)
    ]
    chart(columns(bars), "score_counts", _("Answers by score from 0 to 10"))
    st.caption(_(":orange[■] detractors 0–6 · :gray[■] passives 7–8 · :blue[■] promoters 9–10"))


def detractor_comments(publication: Publication, unit: str) -> None:
    """What detractors wrote, latest first, with file and line."""
    st.subheader(_("What detractors write"), anchor=False)
    comments = area_table(publication, "comments", unit)
    if comments.is_empty():
        nothing(_("No comment by a detractor in the last 13 weeks."))
        return
    draw(worded(comments.head(15), business_units(publication)), _("Comments of detractors"))
