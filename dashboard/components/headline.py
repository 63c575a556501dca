"""The head of a KPI page: the figure, how sure it is, the target, and what changed, as unboxed numbers."""

from __future__ import annotations

import streamlit as st

from dashboard import formats, vocabulary
from dashboard.components import signals
from dashboard.headlines import where
from dashboard.language import _
from dashboard.queries.definitions import Definition
from dashboard.queries.values import Point
from kpis.periods import previous, year_before

BLOCK = 150  # pixels: two side by side on a phone


def block(label: str, figure: str, note: str = "") -> None:
    """One number: a small grey label, the figure, a note below."""
    with st.container(width=BLOCK, gap=None):
        st.caption(label)
        st.markdown(f"**{figure}**")
        if note:
            st.markdown(note)


def headline(point: Point | None, definition: Definition, grain: str) -> None:
    """The blocks of one period."""
    if point is None:
        st.info(_("No complete period yet."), icon=":material/info:")
        return
    unit, decimals = definition.unit, definition.decimals
    with st.container(horizontal=True, gap="small", vertical_alignment="top"):
        with st.container(width=220, gap=None):
            figure = formats.markdown(formats.quantity(point.value, unit, decimals))
            st.metric(formats.period(point.period_start, grain), figure)
            if point.state not in ("ok", "no_target"):
                st.markdown(signals.state(point.state), help=vocabulary.state_reason(point.state) or None)
        bounds = formats.interval(point.low, point.high, unit, decimals)
        if bounds:
            block(_("95% interval"), formats.markdown(bounds), f":small[:gray[n = {formats.number(point.n)}]]")
        elif point.n is not None:
            block(_("Records"), formats.number(point.n))
        if point.target is not None:
            _target(point, definition)
        _change(point, definition, grain)
        if point.year_change is not None:
            _year(point, definition, grain)
        if point.mean is not None:
            _duration(point, definition)


def _target(point: Point, definition: Definition) -> None:
    text = formats.markdown(signals.target_text(point, definition))
    block(_("Target"), text, signals.assurance(point, definition))


def _change(point: Point, definition: Definition, grain: str) -> None:
    before = formats.period(previous(point.period_start, grain), grain)
    label = _("Against {period}") if not point.is_partial else _("Against the same days of {period}")
    label = label.format(period=before)
    if point.change is None:
        block(label, f":gray[{formats.MISSING}]")
        return
    text = formats.markdown(formats.difference(point.change, definition.unit, definition.decimals))
    if point.is_signal:
        note = f":small[{signals.direction_mark(point.direction)} {where(point)}]"
    else:
        note = f":small[:gray[{_('noise')}]]" if point.centre is not None else ""
    block(label, text, note)


def _year(point: Point, definition: Definition, grain: str) -> None:
    """The change against a year before, with what the figure was; whether it is a signal, the limits say."""
    before = formats.period(year_before(point.period_start, grain), grain)
    text = formats.difference(point.year_change, definition.unit, definition.decimals)
    was = formats.quantity(point.year_before_value, definition.unit, definition.decimals, compact=True)
    note = formats.markdown(_("it was {value}").format(value=was))
    block(_("Against {period}").format(period=before), formats.markdown(text), f":small[:gray[{note}]]")


def _duration(point: Point, definition: Definition) -> None:
    def shown(value: float | None) -> str:
        return formats.quantity(value, definition.unit, 0 if definition.unit == "days" else 1, compact=True)

    note = _("8 of 10 within {p80}").format(p80=shown(point.p80))
    block(_("Mean of finished"), formats.markdown(shown(point.mean)), f":small[:gray[{formats.markdown(note)}]]")
    if point.open is not None:
        block(_("Still open"), formats.number(point.open))


def verdict(point: Point | None, definition: Definition) -> None:
    """One sentence each for the signal and the assurance, below the chart."""
    if point is None:
        return
    lines = []
    if point.rule:
        lines.append(
            f"{signals.direction_mark(point.direction)} "
            + _("Signal: {rule}").format(rule=vocabulary.rule(point.rule))
            + "."
        )
    elif point.centre is not None:
        lines.append(_("Within its limits: ordinary variation, no single cause to look for."))
    if point.centre is not None:
        lines.append(
            _(
                "The limits come from the first points of the series, its baseline, and stay. Where they step, the"
                " process had moved for good and a new baseline began."
            )
        )
    if point.assurance and point.value is not None:
        icon, colour = signals.ASSURANCE_MARKS[point.assurance]
        text = vocabulary.assurance_reason(point.assurance)
        if point.is_signal:
            text += " " + _("That was the process before the signal; if the change stays, this changes too.")
        lines.append(f":{colour}[{icon}] {text}")
    if point.is_trial and point.centre is not None:
        lines.append(_("Fewer than twelve points: the limits are on trial."))
    if lines:
        st.caption("  \n".join(lines))
