"""The KPI library: a table of the definitions found, and one definition with everything that is published of it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from html import escape

import polars as pl
import streamlit as st

from dashboard import formats, navigation, state, vocabulary
from dashboard.components import signals, tables
from dashboard.components.definition_card import definition_card
from dashboard.components.linked import link, linked
from dashboard.language import _, plural
from dashboard.published import Publication
from dashboard.queries import library
from dashboard.queries.definitions import Definition
from dashboard.queries.library import Version
from dashboard.queries.lineage import KPI_PREFIX
from dashboard.queries.schema import first_rows

BETTER = {"higher": "≥", "lower": "≤"}


def table(publication: Publication, found: Sequence[Definition]) -> None:
    """One row a KPI: name and definition, kind, target, owner, and since when the definition holds."""
    since = library.since(publication)
    heads = [
        ("name", _("KPI")),
        ("value", _("Kind")),
        ("target", _("Target")),
        ("change", _("Owner")),
        ("data", _("Since")),
    ]
    parts = ['<table class="library"><thead><tr>']
    parts += [f'<th scope="col" class="{name}">{escape(title)}</th>' for name, title in heads]
    parts.append("</tr></thead>")
    for area in dict.fromkeys(kpi.area for kpi in found):
        words = link(area, vocabulary.area(area))
        parts.append(f'<tbody><tr class="area"><th colspan="{len(heads)}" scope="rowgroup">{words}</th></tr>')
        parts += [_row(kpi, since) for kpi in found if kpi.area == area]
        parts.append("</tbody>")
    linked("".join(parts) + "</table>", "library")


def _row(kpi: Definition, since: Mapping[str, tuple]) -> str:
    moment, count = since.get(kpi.name, (None, 0))
    told = formats.day(formats.local_day(moment)) if moment else formats.MISSING
    if count > 1:
        told += " · " + plural("{count} version", "{count} versions", count).format(count=count)
    name = link("definitions", kpi.label, {"kpi": kpi.name})
    target = signals.target_text(None, kpi) or _("no target")
    return (
        f'<tr class="kpi"><th scope="row" class="name">{name}<br><small class="gray">{escape(kpi.definition)}</small></th>'
        f'<td class="value">{escape(vocabulary.kind(kpi.kind))}</td><td class="target">{escape(target)}</td>'
        f'<td class="change">{escape(kpi.owner)}</td><td class="data"><small>{escape(told)}</small></td></tr>'
    )


def entry(publication: Publication, definition: Definition, units: Mapping[str, str]) -> None:
    """Everything that is published of one definition."""
    name = definition.name
    with st.container(horizontal=True, gap="medium"):
        st.page_link(navigation.page("kpi"), label=_("Figures of this KPI"), icon=":material/show_chart:",
                     query_params=state.link({"kpi": name}))  # fmt: skip
        st.page_link(navigation.page("data"), label=_("Lineage"), icon=":material/account_tree:",
                     query_params=state.link({"view": "lineage", "node": KPI_PREFIX + name}))  # fmt: skip
        table_name = f"metrics.{KPI_PREFIX}{name}"
        st.page_link(navigation.page("sql"), label=_("Components in SQL"), icon=":material/terminal:",
                     query_params=state.link({"sql": first_rows(table_name), "table": table_name}))  # fmt: skip
    definition_card(definition, is_whole=True)
    _targets(publication, definition, units)
    _made_from(publication, definition)
    _versions(library.versions(publication, name))


def _targets(publication: Publication, definition: Definition, units: Mapping[str, str]) -> None:
    st.header(_("Targets"), anchor=False)
    rows = library.targets(publication, definition.name)
    if not rows:
        st.caption(_("This KPI has no target: it is neither met nor missed."))
        return
    unit, decimals = definition.unit, definition.decimals
    sign = BETTER.get(definition.better, "")
    columns = {
        _("Business unit"): [units.get(row.business_unit, row.business_unit) or _("All units") for row in rows],
        _("From"): [formats.day(row.valid_from) if row.valid_from else _("always") for row in rows],
        _("To"): [formats.day(row.valid_to) if row.valid_to else _("further notice") for row in rows],
        _("Target"): [f"{sign} {formats.quantity(row.value, unit, decimals)}".strip() for row in rows],
        _("Tolerance"): [formats.quantity(row.tolerance, unit, decimals) for row in rows],
        _("Said in"): [_place(row.source) for row in rows],
    }
    tables.draw(pl.DataFrame(columns), _("Targets"))


def _place(source: str) -> str:
    """`seeds/kpi_targets.csv, linha 11`: where a target is said, as it is published in English."""
    file, mark, line = source.rpartition(", line ")
    return _("{file}, line {line}").format(file=file, line=line) if mark else source


def _made_from(publication: Publication, definition: Definition) -> None:
    st.header(_("What it is made from"), anchor=False)
    origin = library.origin(publication, definition.name)
    told = {
        _("Exports"): origin.sources,
        _("Lists of the project"): origin.seeds,
        _("Models"): (*origin.models, f"metrics.{KPI_PREFIX}{definition.name}"),
    }
    for title, names in told.items():
        if names:
            shown = ", ".join(f"`{name}`" for name in names)
            st.markdown(f":small[:gray[{title}]]  \n{shown}")
    with st.expander(_("SQL as it ran"), icon=":material/code:"):
        st.code(origin.compiled_sql or definition.sql, language="sql")


def _versions(kept: Sequence[Version]) -> None:
    st.header(_("Versions"), anchor=False)
    if not kept:
        st.caption(_("No version is recorded in this publication."))
    for place, version in enumerate(kept):
        day = formats.moment(version.valid_from)
        text = _("since {day}").format(day=day) if place == 0 else _("from {day}").format(day=day)
        st.markdown(f"`{version.definition_hash[:12]}` {formats.markdown(text)}")
        if place + 1 == len(kept):
            st.caption(_("The first version that was published."))
            continue
        changes = library.difference(kept[place + 1], version)
        if changes:
            with st.expander(_("What changed"), icon=":material/difference:"):
                st.code(changes, language="diff")
        else:
            st.caption(_("Its entry and its own SQL are the same: the SQL of a model that it is made from changed."))
