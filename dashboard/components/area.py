"""What every area page has: title and filters, the area's KPIs as a scorecard, then the charts that fit its subject."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import polars as pl
import streamlit as st

from dashboard import formats, headlines, state, vocabulary
from dashboard.charts.template import CONFIG
from dashboard.codes import worded
from dashboard.components import page
from dashboard.components.legend import legend
from dashboard.components.scorecard import PERIODS, doubts, scorecard
from dashboard.components.tables import draw
from dashboard.language import _, active
from dashboard.navigation import page as page_of
from dashboard.published import Publication
from dashboard.queries.definitions import business_units, definitions
from dashboard.queries.publication import troubles
from dashboard.queries.values import overview
from dashboard.queries.windows import is_known

Panel = Callable[[Publication, str], None]
SIDE_BY_SIDE, NARROWEST = 2, 330  # charts on a desk, and the pixels below which they stand one below the other


def area_page(area: str, charts: Sequence[Panel] = (), tables: Sequence[Panel] = ()) -> None:
    """Draw the page of an area; each panel is given the publication and the business unit ('all' for every one).

    Charts stand two by two on a desk and one below the other on a phone; tables take the whole width.
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
    chosen = grain()
    dimension, member = state.scope()
    if member not in units:
        dimension, member = "total", "total"
    points = overview(publication, chosen, dimension, member, PERIODS)
    rows = headlines.headlines(catalogue, points, only_headline=False)
    scorecard(rows, chosen, doubts(troubles(publication)), "scorecard", has_areas=False)
    legend()
    unit = state.ALL if dimension == "total" else member
    paired = len(charts) - len(charts) % SIDE_BY_SIDE
    if paired:
        with st.grid(SIDE_BY_SIDE, min_column_width=NARROWEST, gap=("medium", "large")):
            for draw_panel in charts[:paired]:
                with st.container():
                    draw_panel(publication, unit)
    for draw_panel in charts[paired:]:
        draw_panel(publication, unit)
    for draw_panel in tables:
        draw_panel(publication, unit)


def grain() -> str:
    """The period that the reader chose: how far back the charts look."""
    return state.read("grain", state.GRAINS, "week")


def recent_words(grain_name: str) -> str:
    """How far back charts look that count what happened lately; as `windows.RECENT` says."""
    match grain_name:
        case "week":
            return _("last 13 weeks")
        case "month":
            return _("last 12 months")
        case _other:
            return _("last 8 quarters")


def panel(
    publication: Publication, question: str, answer: str, figure: dict, key: str, table: pl.DataFrame,
    *, kpi: str = "", note: str = "",
) -> None:  # fmt: skip
    """A chart that answers a question: the answer in a line, the chart, how to read it, the table and the KPI behind.

    `answer` is plain text; `note` is Markdown; `kpi` names the page that leads to the records.
    """
    _asked(question, answer)
    chart(figure, key, f"{question} {answer}")
    if note:
        # Not a caption: those are pale, and colours in them paler than a reader needs.
        st.markdown(f":small[{note}]")
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        # Sent only when it is opened: a page of several charts would otherwise carry as many tables.
        behind = st.popover(_("Table"), icon=":material/table:", type="tertiary", key=f"table_{key}", on_change="rerun")
        if behind.open:
            with behind:
                draw(worded(table, business_units(publication)), question)
        leads_to(publication, kpi)


def leads_to(publication: Publication, kpi: str) -> None:
    """A small link to the page of a KPI, where its records are; nothing for a KPI that is not published."""
    definition = definitions(publication, active()).get(kpi)
    if definition is not None:
        st.page_link(
            page_of("kpi"), label=f":small[{formats.markdown(definition.label)}]", icon=":material/show_chart:",
            query_params=state.link({"kpi": kpi}),
        )  # fmt: skip


def listing(
    publication: Publication, mart: str, unit: str, question: str, answer: str, table: pl.DataFrame, *, kpi: str = ""
) -> None:
    """A table that answers a question, with a line before it; `mart` holds the rows that the table is a part of."""
    if table.is_empty():
        answer = _known_or(answer, publication, mart, unit)
    _asked(question, answer)
    if not table.is_empty():
        draw(worded(table, business_units(publication)), question)
    leads_to(publication, kpi)


def empty(publication: Publication, mart: str | None, unit: str, question: str, text: str) -> None:
    """A question with nothing to draw, in a line: good news of what is known, or that nothing is known at all."""
    st.header(question, anchor=False)
    nothing(_known_or(text, publication, mart, unit))


def _known_or(text: str, publication: Publication, mart: str | None, unit: str) -> str:
    """The text, except where no record at all is known: "nothing is open" would then be a guess."""
    return text if mart is None or is_known(publication, mart, unit) else _("No record is known yet.")


def _asked(question: str, answer: str) -> None:
    st.header(question, anchor=False)
    if answer:
        # It may begin with a word of the company's own or the name of a period.
        st.markdown(formats.markdown(answer[:1].upper() + answer[1:]))


def chart(figure: dict, key: str, description: str) -> None:
    """A figure with its description for people who cannot see it."""
    st.plotly_chart(figure, config=CONFIG, key=key, alt=description)


def nothing(text: str) -> None:
    """Said where a panel has nothing to draw."""
    st.caption(text)
