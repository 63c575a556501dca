"""The survival curve of a duration: the share still open at each age, with its interval and the median."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from dashboard import formats
from dashboard.charts.template import BAND, BETTER, LIMIT, ORDINARY, TARGET, axis, figure, layout
from dashboard.language import _
from dashboard.queries.values import Survival

SHOWN = 0.02  # the curve is drawn until no more than this share is open
ROUNDING = 1e-9  # a product of fractions: one half may arrive as 0.5000000000000001


def age_reached(curve: Sequence[Survival], share: float) -> float | None:
    """The first age at which no more than a share is still open; None where the curve stays above."""
    return next((step.age for step in curve if step.survival <= share + ROUNDING), None)


def median_age(curve: Sequence[Survival]) -> float | None:
    """The first age at which no more than half are still open; None where the curve stays above."""
    return age_reached(curve, 0.5)


def curve_note(names: tuple[str, str], scope: str = "") -> str:
    """How to read the chart, as Markdown: which period is drawn, which one in grey, and of whom where `scope` says so."""
    note = _("Share still open by age: :blue[**{period}**]").format(period=names[0])
    if names[1]:
        note += _(", in grey {period}").format(period=names[1])
    if scope:
        note += f" · {scope}"
    return note + ". " + _("Open cases count as long as they are open (Kaplan–Meier).")


def survival_chart(
    curve: Sequence[Survival],
    unit: str,
    before: Sequence[Survival] = (),
    names: tuple[str, str] = ("", ""),
    height: int = 300,
    agreed: tuple[float, str] | None = None,
) -> dict[str, Any]:
    """The figure: the period's curve as steps with its interval, and a comparison curve in grey.

    `agreed` is an age that was promised, and its words: a dashed line.
    """
    ages = [step.age for step in curve]
    shared = {"type": "scatter", "mode": "lines", "hoverinfo": "skip"}
    data: list[dict[str, Any]] = []
    if curve and all(step.low is not None and step.high is not None for step in curve):
        edge = {"width": 0, "shape": "hv"}
        data.append({**shared, "x": ages, "y": [step.low for step in curve], "line": edge})
        data.append({**shared, "x": ages, "y": [step.high for step in curve], "line": edge, "fill": "tonexty",
                     "fillcolor": BAND})  # fmt: skip
    if before:
        data.append(_curve(before, unit, names[1], ORDINARY, 1.5))
    data.append(_curve(curve, unit, names[0], BETTER, 2.2))
    last = max(_reach(curve), _reach(before), agreed[0] * 1.15 if agreed else 0.0) or 1.0
    shapes: list[dict[str, Any]] = [
        {
            "type": "line",
            "xref": "paper",
            "x0": 0,
            "x1": 1,
            "y0": 0.5,
            "y1": 0.5,
            "line": {"color": LIMIT, "width": 1, "dash": "dot"},
        }
    ]
    notes: list[dict[str, Any]] = []
    middle = median_age(curve)
    if middle is not None:
        notes.append({
            "x": middle, "y": 0.5, "xanchor": "left", "yanchor": "bottom", "showarrow": False, "xshift": 6,
            "font": {"size": 12.5, "color": BETTER},
            "text": _("median {value}").format(value=formats.quantity(middle, unit, 0 if unit == "days" else 1, compact=True)),
        })  # fmt: skip
    if agreed is not None:
        promised, words = agreed
        shapes.append({
            "type": "line", "x0": promised, "x1": promised, "yref": "paper", "y0": 0, "y1": 1,
            "line": {"color": TARGET, "width": 1.4, "dash": "dash"},
        })  # fmt: skip
        notes.append({
            "x": promised, "y": 1, "xanchor": "left", "yanchor": "top", "showarrow": False, "xshift": 6,
            "font": {"size": 12.5, "color": TARGET}, "text": words,
        })  # fmt: skip
    arrangement = layout(
        height,
        shapes=shapes,
        annotations=notes,
        xaxis=axis(range=[0, last], title={"text": formats.unit_suffix(unit), "font": {"size": 12, "color": ORDINARY}}),
        yaxis=axis(
            showgrid=True,
            range=[0, 1.02],
            tickmode="array",
            tickvals=[0, 0.25, 0.5, 0.75, 1],
            ticktext=[formats.percent(share, 0) for share in (0, 0.25, 0.5, 0.75, 1)],
        ),
    )
    return figure(data, arrangement)


def _reach(curve: Sequence[Survival]) -> float:
    """The age that the axis has to show: a few cases open for years must not press all others against its begin."""
    return next(
        (step.age * 1.25 for step in curve if step.survival <= SHOWN), max((step.age for step in curve), default=0.0)
    )


def _curve(curve: Sequence[Survival], unit: str, name: str, colour: str, width: float) -> dict[str, Any]:
    decimals = 0 if unit == "days" else 1
    texts = [
        f"<b>{name}</b><br>"
        + _("{share} still open after {age}").format(
            share=formats.percent(step.survival), age=formats.quantity(step.age, unit, decimals)
        )
        for step in curve
    ]
    return {
        "type": "scatter",
        "mode": "lines",
        "x": [step.age for step in curve],
        "y": [step.survival for step in curve],
        "text": texts,
        "hovertemplate": "%{text}<extra></extra>",
        "line": {"color": colour, "width": width, "shape": "hv"},
        "name": name,
    }
