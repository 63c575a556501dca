"""A KPI by the members of its dimensions: small multiples on one scale a dimension, each with its limits and target."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from html import escape

import streamlit as st

from dashboard import formats, state, vocabulary
from dashboard.charts.sparkline import bounds, sparkline
from dashboard.charts.template import nice_ticks
from dashboard.components import signals
from dashboard.components.linked import link, linked
from dashboard.components.scorecard import marks
from dashboard.headlines import meets_target, weight
from dashboard.language import N_, _, plural
from dashboard.queries.definitions import Definition
from dashboard.queries.values import Point

MOST = 12  # more small pictures than these cannot be told apart
FEW = 4  # of each dimension, where all dimensions are shown
WIDTH, HEIGHT = 260, 84  # of a picture, in its own units
ORDERS = {"share": N_("Largest share first"), "worst": N_("Worst first")}

Fetch = Callable[[str], Mapping[str, Sequence[Point]]]
Labels = Callable[[str], Mapping[str, str]]


@dataclass(frozen=True)
class Card:
    """A member with its run of points, its latest complete one, and its share of all records in that period."""

    name: str
    points: Sequence[Point]
    latest: Point | None
    share: float | None


def breakdown(definition: Definition, grain: str, fetch: Fetch, labels: Labels, unit: str, unit_name: str) -> None:
    """The section: choose dimension and order, then a grid for each dimension chosen.

    `fetch` gives the members of a dimension with their points; `unit` is the business unit that the page speaks of,
    or ALL.
    """
    st.header(_("By dimension"), anchor=False)
    with st.container(horizontal=True, gap="small"):
        chosen = definition.dimensions
        if len(chosen) > 1:
            by = state.segments(
                "by", _("By"), [state.ALL, *chosen], label_visibility="collapsed",
                words=lambda name: _("All dimensions") if name == state.ALL else vocabulary.dimension(name),
            )  # fmt: skip
            chosen = chosen if by == state.ALL else (by,)
        order = state.segments(
            "order", _("Sort order"), list(ORDERS), words=lambda name: _(ORDERS[name]), label_visibility="collapsed"
        )
    if unit != state.ALL and chosen != ("business_unit",):
        st.caption(in_one_unit(unit_name))
    parts = []
    for dimension in chosen:
        cards = ranked(fetch(dimension), definition, order)
        most = MOST if len(chosen) == 1 else FEW
        title = f"<h3>{escape(vocabulary.dimension(dimension))}</h3>" if len(definition.dimensions) > 1 else ""
        parts.append(title + grid(cards[:most], cards[most:], definition, grain, dimension, labels(dimension), unit))
    linked("".join(parts), "breakdown")
    note = _("One scale a dimension; grey band: the limits of each member, dashed line: its target.")
    share = (
        _("Percentage: its part of the amount.") if _is_sum(definition) else _("Percentage: its part of the records.")
    )
    st.caption(f"{note} {share}")


def in_one_unit(unit_name: str) -> str:
    """What is not published: a unit by another dimension."""
    text = _(
        "Published values tell units and other dimensions apart, never both at once. What follows by other dimensions"
        " is of the whole company, not of {unit}; the components of both are in the table metrics of the SQL page."
    )
    return formats.markdown(text.format(unit=unit_name))


def ranked(members: Mapping[str, Sequence[Point]], definition: Definition, order: str) -> list[Card]:
    """The members as cards: those with the largest share first, or those that are worst."""
    latest = {
        name: next((point for point in reversed(points) if not point.is_partial), None)
        for name, points in members.items()
    }
    sizes = {name: _size(point, definition) for name, point in latest.items()}
    total = sum(sizes.values())
    cards = [
        Card(name, points, latest[name], sizes[name] / total if total else None) for name, points in members.items()
    ]
    if order == "worst":
        return sorted(cards, key=lambda card: _badness(card.latest, definition))
    return sorted(cards, key=lambda card: -sizes[card.name])


def _size(point: Point | None, definition: Definition) -> float:
    """What a member weighs: its amount where amounts are summed, else its records."""
    if point is None:
        return 0.0
    if _is_sum(definition):
        return abs(point.value or 0.0)
    return float(point.n or 0)


def _is_sum(definition: Definition) -> bool:
    return definition.kind in ("count", "amount")


def _badness(point: Point | None, definition: Definition) -> tuple[int, int, float]:
    """Sorts what is worse first: signals to the bad side, missed targets, then the value itself; no figure last."""
    if point is None or point.value is None:
        return (2, 0, 0.0)
    if point.is_signal and point.direction == "worse":
        return (0, 0, -weight(point))
    value = point.value if definition.better == "higher" else -point.value
    return (1, 0 if meets_target(point, definition) is False else 1, value)


def grid(
    shown: Sequence[Card], hidden: Sequence[Card], definition: Definition, grain: str, dimension: str,
    labels: Mapping[str, str], unit: str,
) -> str:  # fmt: skip
    """The cards as HTML, all pictures on one scale; what is not drawn is counted below."""
    if not shown:
        return f'<p class="gray">{escape(_("No figure by this dimension."))}</p>'
    extents = [
        extent for card in shown if (extent := bounds(marks(card.points), card.latest.target if card.latest else None))
    ]
    scale = (min(low for low, _high in extents), max(high for _low, high in extents)) if extents else None
    cards = "".join(_card(card, definition, grain, dimension, labels, scale, unit) for card in shown)
    return f'<div class="cards">{cards}</div>{_others(hidden)}'


def _others(hidden: Sequence[Card]) -> str:
    if not hidden:
        return ""
    text = plural("{count} other is not drawn", "{count} others are not drawn", len(hidden))
    text = text.format(count=formats.number(len(hidden)))
    share = sum(card.share or 0.0 for card in hidden)
    if share:
        text += " " + _("({share} of the whole)").format(share=formats.percent(share, 0))
    return f'<p class="note gray">{escape(text)}</p>'


def _card(
    card: Card, definition: Definition, grain: str, dimension: str, labels: Mapping[str, str],
    scale: tuple[float, float] | None, unit: str,
) -> str:  # fmt: skip
    word, latest = vocabulary.member(card.name, dict(labels)), card.latest
    shown = definition.unit, definition.decimals
    figure = formats.quantity(latest.value, *shown, compact=True) if latest else formats.MISSING
    notes = []
    if latest is None or latest.value is None:
        notes.append(signals.state_note(latest.state if latest else "no_data"))
    else:
        notes += [signals.state_note(latest.state), signals.signal_note(latest) if latest.is_signal else None]
        notes.append(signals.assurance_note(latest, definition) if latest.target is not None else None)
    told = "".join(f'<span class="part">{note.html}</span>' for note in notes if note)
    size = _("n = {count}").format(count=formats.number(latest.n)) if latest and latest.n is not None else ""
    if card.share is not None and size:
        size = f"{formats.percent(card.share, 0)} · {size}"
    title = _("{label}, last {periods}: {value}").format(
        label=word, periods=vocabulary.periods(len(card.points), grain), value=figure
    )
    places = nice_ticks(*scale, 2) if scale else []
    ticks = [(place, formats.tick(place, places, definition.unit, is_bare=True)) for place in places]
    picture = sparkline(
        marks(card.points), title=title, target=latest.target if latest else None, width=WIDTH, height=HEIGHT,
        scale=scale, ticks=ticks,
    )  # fmt: skip
    is_unit = dimension == "business_unit"
    changes = {"kpi": definition.name} | ({"unit": card.name} if is_unit else {"by": dimension, "member": card.name})
    name = link("kpi", word, changes, name="name", drops=() if is_unit else ("unit",))
    chosen = ' aria-current="true"' if is_unit and card.name == unit else ""
    return (
        f'<div class="card"{chosen}>{name}<div><b>{escape(figure)}</b> <small class="gray">{escape(size)}</small></div>'
        f"<div>{told}&nbsp;</div>{picture}</div>"
    )
