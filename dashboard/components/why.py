"""Why did it change: the change of a figure taken apart by the members of a dimension, adding up exactly."""

from __future__ import annotations

from datetime import date
from typing import cast

import polars as pl
import streamlit as st

from dashboard import formats, state, vocabulary
from dashboard.charts.template import CONFIG
from dashboard.charts.waterfall import Step, finer, waterfall_chart
from dashboard.language import _
from dashboard.published import Publication
from dashboard.queries.definitions import Definition, member_labels
from dashboard.queries.values import Point, member_values
from kpis.decomposition import Decomposition, explain
from kpis.definition import Kpi
from kpis.periods import previous, year_before

MOST = 6  # members drawn as bars of their own; the rest are summed
BASES = ("previous", "year")


def why_did_it_change(publication: Publication, definition: Definition, focus: Point, grain: str) -> None:
    """The section: choose dimension and comparison, see the waterfall, the alarm and the table behind."""
    st.header(_("Why did it change?"), anchor=False)
    if focus.is_partial:
        st.caption(_("The period is not over; choose a complete one."))
        return
    with st.container(horizontal=True, gap="small"):
        dimension = definition.dimensions[0]
        if len(definition.dimensions) > 1:
            dimension = state.segments(
                "split", _("By"), definition.dimensions, words=vocabulary.dimension, label_visibility="collapsed"
            )
        against = state.segments(
            "against", _("Against"), BASES, label_visibility="collapsed",
            words=lambda base: _("previous period") if base == "previous" else _("a year before"),
        )  # fmt: skip
    start = focus.period_start
    base = cast(date, previous(start, grain) if against == "previous" else year_before(start, grain))
    before = member_values(publication, definition.name, grain, dimension, base)
    after = member_values(publication, definition.name, grain, dimension, start)
    if before.is_empty() or after.is_empty():
        st.caption(_("There is no figure for {period} to compare with.").format(period=formats.period(base, grain)))
        return
    # A published definition has the two fields that the decomposition reads: kind and measure.
    found = explain(before, after, cast(Kpi, definition))
    if found is None:
        st.caption(_("This figure does not add up over members, so its change cannot be shared among them."))
        return
    labels = member_labels(publication, dimension)
    if focus.dimension != "total":
        st.caption(_of_the_whole(found, definition, focus, dimension, member_labels(publication, focus.dimension)))
    _draw(found, definition, (formats.period(base, grain), formats.period(start, grain)), labels)


def _of_the_whole(
    found: Decomposition, definition: Definition, focus: Point, dimension: str, labels: dict[str, str]
) -> str:
    """What is taken apart on the page of one member: the whole company's change, and this member's part of it."""
    member = vocabulary.member(focus.member, labels)
    part = found.parts.filter(pl.col("member") == focus.member) if dimension == focus.dimension else None
    if part is None or part.is_empty():
        text = _("This is the change of the whole company: {member} by {dimension} is not published.")
        return formats.markdown(text.format(member=member, dimension=vocabulary.dimension(dimension).lower()))
    decimals = finer(definition)
    shown = [formats.difference(value, definition.unit, decimals) for value in (float(part["total"][0]), found.total)]
    text = _("This is the change of the whole company: {part} of {total} come from {member}.")
    return formats.markdown(text.format(part=shown[0], total=shown[1], member=member))


def _draw(found: Decomposition, definition: Definition, names: tuple[str, str], labels: dict[str, str]) -> None:
    if found.basis == "mean":
        st.caption(_("A median does not add up; what is taken apart is the mean of the cases finished in the period."))
    if found.is_reversal:
        st.warning(
            _("Every member moved against the total: what changed is the mix, not the rates (Simpson's paradox)."),
            icon=":material/swap_vert:",
        )
    chosen = steps(found, definition, names, labels)
    if not any(step.value for step in chosen if not step.is_total):
        st.caption(_("Nothing moved: neither a member's figure nor its weight."))
        return
    st.plotly_chart(
        waterfall_chart(chosen, definition), config=CONFIG, key="why",
        alt=_("From {before} to {after} by members").format(before=names[0], after=names[1]),
    )  # fmt: skip
    st.caption(explanation(found, definition))
    with st.expander(_("The figures behind"), icon=":material/table:"):
        _table(found, definition, labels)


def levels(found: Decomposition) -> tuple[float, float]:
    """The whole before and after, on the decomposed basis."""
    parts = found.parts
    if found.rate is not None:
        before = (parts["weight_before"] * parts["value_before"].fill_null(0.0)).sum()
    else:
        before = parts["amount_before" if found.volume is not None else "value_before"].sum()
    return float(before), float(before) + found.total


def steps(found: Decomposition, definition: Definition, names: tuple[str, str], labels: dict[str, str]) -> list[Step]:
    """Before, each member's own effect, the mix where there is one, after. The sum is exact."""
    effect = "rate" if found.rate is not None else "total"
    ranked = found.parts.sort(pl.col(effect).abs(), descending=True).select("member", effect)
    before, after = levels(found)
    rows = list(ranked.iter_rows())
    chosen = [Step(names[0], before, is_total=True)]
    chosen += [Step(vocabulary.member(member, labels), value) for member, value in rows[:MOST]]
    if len(rows) > MOST:
        chosen.append(Step(_("others"), float(ranked[effect][MOST:].sum())))
    if found.rate is not None and found.mix is not None:  # the mix of an amount is within its members' totals
        chosen.append(Step(_("mix"), found.mix))
    return [*chosen, Step(names[1], after, is_total=True)]


def explanation(found: Decomposition, definition: Definition) -> str:
    """The sums in one sentence."""

    def shown(value: float | None) -> str:
        decimals = finer(definition)
        return formats.markdown(formats.difference(value, definition.unit, decimals))

    if found.rate is not None:
        return _("Change {total} = {rate} because members changed, {mix} because their weights did (mix).").format(
            total=shown(found.total), rate=shown(found.rate), mix=shown(found.mix)
        )
    if found.volume is not None and found.mix is not None:
        return _("Change {total} = {volume} by the quantity, {price} by the prices, {mix} by the mix.").format(
            total=shown(found.total), volume=shown(found.volume), price=shown(found.price), mix=shown(found.mix)
        )
    if found.volume is not None:
        return _("Change {total} = {volume} by the number of records, {price} by the amount of each.").format(
            total=shown(found.total), volume=shown(found.volume), price=shown(found.price)
        )
    return _("Change {total}, the sum of the members' changes.").format(total=shown(found.total))


def _table(found: Decomposition, definition: Definition, labels: dict[str, str]) -> None:
    """The members' figures as text, in the reader's format."""
    unit, decimals = definition.unit, definition.decimals

    def level(value: float | None) -> str:
        return formats.quantity(value, unit, decimals, compact=True)

    def effect(value: float | None) -> str:
        return formats.difference(value, unit, finer(definition))

    titles = {
        "value_before": (_("before"), level), "value_after": (_("after"), level),
        "amount_before": (_("before"), level), "amount_after": (_("after"), level),
        "weight_before": (_("weight before"), formats.percent), "weight_after": (_("weight after"), formats.percent),
        "rate": (_("own change"), effect), "volume": (_("volume"), effect), "price": (_("price"), effect),
        "mix": (_("mix"), effect), "total": (_("total"), effect),
    }  # fmt: skip
    shown = found.parts.select("member", *(name for name in titles if name in found.parts.columns))
    columns = {_("Member"): [formats.markdown(vocabulary.member(member, labels)) for member in shown["member"]]}
    for name in shown.columns[1:]:
        title, words = titles[name]
        columns[title] = [formats.markdown(words(value)) for value in shown[name]]
    st.table(pl.DataFrame(columns), border="horizontal", hide_index=True)
