"""Lineage: a KPI, table or export in the middle, what it is made from on the left, what is made from it on the right."""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache
from pathlib import Path

import streamlit as st
from streamlit.components.v2 import component

from dashboard import formats, navigation, state, vocabulary
from dashboard.charts.lineage_layers import Reader, lineage_layers
from dashboard.language import N_, _, active, plural
from dashboard.published import Publication
from dashboard.queries import lineage
from dashboard.queries.definitions import Definition, definitions
from dashboard.queries.lineage import KPI_PREFIX, Graph

ASSETS = Path(__file__).parents[1] / "assets"
FIRST = "kpi_days_to_pay"
KINDS = {
    "kpi": N_("KPI"),
    "export": N_("Export"),
    "mart": N_("Mart"),
    "intermediate": N_("Intermediate"),
    "staging": N_("Staging"),
    "seed": N_("Seed"),
}
GRAPH = "lineage_graph"


@lru_cache(maxsize=1)
def _component() -> Callable[..., object]:
    return component(
        "retaguarda_lineage",
        html='<nav class="lineage"></nav>',
        css=(ASSETS / "lineage.css").read_text(encoding="utf-8"),
        js=(ASSETS / "lineage.js").read_text(encoding="utf-8"),
    )


def view(publication: Publication) -> None:
    """The choice of the node in the middle, the graph, and what is known of the node."""
    graph = lineage.graph(publication, active())
    if graph is None:
        st.info(_("This publication is of an older release and does not tell its lineage. Publish once more."))
        return
    catalogue = {KPI_PREFIX + name: kpi for name, kpi in definitions(publication, active()).items()}
    names = sorted(
        graph.nodes, key=lambda name: (list(KINDS).index(graph.nodes[name].kind), _title(graph, catalogue, name))
    )
    first = FIRST if FIRST in graph.nodes else names[0]
    focus = state.select(
        "node", _("KPI, table or export in the middle"), names, default=first,
        words=lambda name: f"{_(KINDS[graph.nodes[name].kind])}: {_title(graph, catalogue, name)}",
    )  # fmt: skip
    shown = lineage_layers(
        graph,
        focus,
        _readers(catalogue),
        {name: kpi.label for name, kpi in catalogue.items()},
        {name: file for name, file in lineage.latest_files(publication).items() if name in graph.nodes},
    )
    drawn = _component()(
        key=GRAPH,
        data={
            **shown,
            "words": {
                "label": _("Lineage of {name}").format(name=_title(graph, catalogue, focus)),
                "from": _("made from"),
                "more": _("{count} more"),
                "fewer": _("show fewer"),
                "chosen": _("in the middle"),
            },
        },
        on_node_change=_choose,
        on_page_change=_nothing,
    )
    page = getattr(drawn, "page", None)
    if page is not None and page in {reader.page for reader in _readers(catalogue)}:
        st.switch_page(navigation.page(str(page)), query_params=state.link())
    _about(publication, graph, catalogue, focus)


def _title(graph: Graph, catalogue: dict[str, Definition], name: str) -> str:
    if name in catalogue:
        return catalogue[name].label
    label = graph.nodes[name].label
    return f"{label} ({name})" if label else name


def _choose() -> None:
    chosen = st.session_state[GRAPH].get("node")
    if chosen:
        state.write("node", str(chosen), FIRST)


def _nothing() -> None:
    """A component reports only what somebody listens to."""


def _readers(catalogue: dict[str, Definition]) -> list[Reader]:
    """The overview with its headline KPIs, and a page for each area."""
    headlines = frozenset(name for name, kpi in catalogue.items() if kpi.headline)
    areas = dict.fromkeys(kpi.area for kpi in catalogue.values())
    return [
        Reader("overview", _("Overview"), headlines),
        *(
            Reader(area, vocabulary.area(area), frozenset(name for name, kpi in catalogue.items() if kpi.area == area))
            for area in areas
        ),
    ]


def _about(publication: Publication, graph: Graph, catalogue: dict[str, Definition], name: str) -> None:
    """Below the graph: what the node is, how it is tested, and where to go from it."""
    node = graph.nodes[name]
    st.header(formats.markdown(_title(graph, catalogue, name)), anchor=False)
    description = catalogue[name].definition if name in catalogue else node.description
    if description:
        st.markdown(formats.markdown(description))
    tests, failing = lineage.guards(publication, name)
    if tests:
        text = plural("{count} data test looks at it.", "{count} data tests look at it.", tests)
        text = text.format(count=formats.number(tests))
        if failing:
            text += " " + plural("{count} did not pass.", "{count} of them did not pass.", failing).format(
                count=formats.number(failing)
            )
        st.caption(text)
    with st.container(horizontal=True, gap="medium"):
        if name in catalogue:
            st.page_link(
                navigation.page("kpi"), label=_("Open the KPI"), icon=":material/show_chart:",
                query_params=state.link({"kpi": name.removeprefix(KPI_PREFIX)}),
            )  # fmt: skip
        table = {"mart": f"marts.{name}", "kpi": f"metrics.{name}", "export": name}.get(node.kind)
        if table:
            st.page_link(
                navigation.page("data"), label=_("Columns in the dictionary"), icon=":material/menu_book:",
                query_params=state.link({"view": "dictionary", "in": table}),
            )  # fmt: skip
