"""What every area page has: title and filters, the area's KPIs as a scorecard, then the charts that fit its subject."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import streamlit as st

from dashboard import headlines, state, vocabulary
from dashboard.charts.template import CONFIG
from dashboard.components import page
from dashboard.components.scorecard import PERIODS, legend, scorecard_row
from dashboard.language import _, active
from dashboard.published import Publication
from dashboard.queries.definitions import business_units, definitions
from dashboard.queries.publication import troubles
from dashboard.queries.values import overview

Panel = Callable[[Publication, str], None]


def area_page(area: str, charts: Sequence[Panel] = (), tables: Sequence[Panel] = ()) -> None:
    """Draw the page of an area; each panel is given the publication and the business unit ('all' for every one).

    Charts stand side by side on a desk and one below the other on a phone; tables take the whole width.
    """
    publication = page.publication()
    units = business_units(publication)
    catalogue = {name: kpi for name, kpi in definitions(publication, active()).items() if kpi.area == area}

    def filters() -> None:
        state.select(
            "unit", _("Business unit"), [state.ALL, *units], words=lambda code: units.get(code, _("All units")),
            width=172, label_visibility="collapsed",
        )  # fmt: skip
        state.segments("grain", _("Period"), state.GRAINS, words=vocabulary.grain, label_visibility="collapsed")

    page.title_line(vocabulary.area(area), filters)
    page.stamp_line(publication)
    page.stale_notice(publication, catalogue)
    grain = state.read("grain", state.GRAINS, "week")
    dimension, member = state.scope()
    if member not in units:
        dimension, member = "total", "total"
    points = overview(publication, grain, dimension, member, PERIODS)
    warned = troubles(publication).tests_by_kpi
    with st.container(border=True, gap="small"):
        for row in headlines.headlines(catalogue, points, only_headline=False):
            scorecard_row(row, grain, row.definition.name in warned)
    legend(grain)
    unit = state.ALL if dimension == "total" else member
    columns = st.columns(len(charts), gap="large") if charts else []
    for panel, column in zip(charts, columns, strict=True):
        with column:
            panel(publication, unit)
    for panel in tables:
        panel(publication, unit)


def chart(figure: dict, key: str, description: str) -> None:
    """A figure with its description for people who cannot see it."""
    st.plotly_chart(figure, config=CONFIG, key=key, alt=description)


def nothing(text: str) -> None:
    """Said where a panel has nothing to draw."""
    st.caption(text)
