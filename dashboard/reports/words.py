"""The cells of a scorecard as plain text: computed once, then the same in every format."""

from __future__ import annotations

from dashboard import formats, vocabulary
from dashboard.headlines import meets_target, where
from dashboard.language import _
from dashboard.queries.definitions import Definition
from dashboard.queries.values import Point

QUIET_STATES = ("ok", "no_target")


def value(point: Point | None, definition: Definition) -> str:
    """The figure in full; an en dash where there is none (the state then says why)."""
    if point is None:
        return formats.MISSING
    # Money to the cent is noise on a scorecard of thousands; the workbook holds every cent.
    decimals = 0 if definition.unit == "brl" and abs(point.value or 0) >= 1000 else definition.decimals
    return formats.quantity(point.value, definition.unit, decimals)


def bounds(point: Point | None, definition: Definition) -> str:
    """The 95 % interval; empty where there is none."""
    return "" if point is None else formats.interval(point.low, point.high, definition.unit, definition.decimals)


def target(point: Point | None, definition: Definition) -> str:
    """`≥ 90 %`; `no target` in words."""
    promised = point.target if point is not None else definition.target
    if promised is None:
        return _("no target")
    sign = {"higher": "≥\N{NO-BREAK SPACE}", "lower": "≤\N{NO-BREAK SPACE}"}.get(definition.better, "")
    return sign + formats.quantity(promised, definition.unit, definition.decimals, compact=True)


def assurance(point: Point | None, definition: Definition) -> str:
    """Whether the process can reach its target; without limits, whether this figure does; empty without target."""
    if point is None or point.target is None:
        return ""
    if point.assurance is None:
        is_met = meets_target(point, definition)
        return "" if is_met is None else _("met") if is_met else _("not met")
    word = vocabulary.assurance(point.assurance)
    against = {"will_pass": "worse", "will_fail": "better"}.get(point.assurance)
    if point.is_signal and point.direction == against:
        return _("{assurance}, if back to usual").format(assurance=word)
    return word


def change(point: Point | None, definition: Definition) -> str:
    """The change against the week before, signed."""
    if point is None or point.change is None:
        return formats.MISSING
    return formats.difference(point.change, definition.unit, definition.decimals)


def signal(point: Point | None) -> str:
    """`worse: above its limits`, or `noise`; empty where the series has no limits."""
    if point is None or point.value is None:
        return ""
    if point.is_signal:
        return f"{vocabulary.direction(point.direction or 'changed')}: {where(point)}"
    return _("noise") if point.centre is not None else ""


def states(point: Point | None, *, is_warned: bool, is_provisional: bool) -> tuple[str, ...]:
    """Codes of every state that a reader must see; empty for a plain, final figure."""
    found = ["no_data" if point is None else point.state]
    if is_provisional:
        found.append("provisional")
    if is_warned:
        found.append("data_warning")
    return tuple(dict.fromkeys(state for state in found if state not in QUIET_STATES))
