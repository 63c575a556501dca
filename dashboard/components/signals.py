"""Signal, assurance and state as short Markdown: a shape, a colour and a word, so that none stands alone."""

from __future__ import annotations

from collections.abc import Sequence

from dashboard import formats, vocabulary
from dashboard.headlines import meets_target, where
from dashboard.language import _
from dashboard.queries.definitions import Definition
from dashboard.queries.values import Point

NARROW = ("brl", "hours", "business_hours", "business_days")  # units whose words would break a narrow cell
DIRECTION_MARKS = {
    "better": ("▲", "blue"),
    "worse": ("■", "orange"),
    "changed": ("◆", "violet"),
}
ASSURANCE_MARKS = {
    "will_pass": (":material/check_circle:", "blue"),
    "will_fail": (":material/cancel:", "orange"),
    "hit_or_miss": (":material/help:", "gray"),
}
STATE_MARKS = {
    "no_data": ":material/remove:",
    "too_few": ":material/group_off:",
    "provisional": ":material/hourglass_top:",
    "not_applicable": ":material/block:",
    "undefined": ":material/function:",
    "ambiguous": ":material/call_split:",
    "restricted": ":material/avg_pace:",
    "stale": ":material/schedule:",
    "failed_test": ":material/report:",
    "data_warning": ":material/report:",
}


def direction_mark(direction: str | None) -> str:
    """The coloured shape of a signal, as in the charts."""
    icon, colour = DIRECTION_MARKS.get(direction or "changed", DIRECTION_MARKS["changed"])
    return f":{colour}[{icon}]"


def change(point: Point | None, definition: Definition) -> str:
    """The change against the previous comparable period, marked as signal or noise."""
    if point is None or point.change is None:
        return f":gray[{formats.MISSING}]"
    text = formats.markdown(formats.difference(point.change, definition.unit, definition.decimals))
    if not point.is_signal:
        word = _("noise") if point.centre is not None else ""
        return f":gray[{text}]" + (f" :small[:gray[{word}]]" if word else "")
    icon, colour = DIRECTION_MARKS.get(point.direction or "changed", DIRECTION_MARKS["changed"])
    return f"{text}  \n:small[:{colour}[{icon} **{where(point)}**]]"


def target(point: Point | None, definition: Definition) -> str:
    """The target and whether the process can reach it."""
    promised = point.target if point is not None else definition.target
    if promised is None:
        return f":gray[{_('no target')}]"
    bound = {"higher": "≥\N{NO-BREAK SPACE}", "lower": "≤\N{NO-BREAK SPACE}"}.get(definition.better, "")
    text = bound + formats.quantity(promised, definition.unit, definition.decimals, compact=True)
    note = assurance(point, definition) if point is not None else ""
    return f"{formats.markdown(text)}  \n{note}" if note else formats.markdown(text)


def assurance(point: Point, definition: Definition) -> str:
    """Whether the process can reach its target; without limits, whether the latest figure does."""
    if point.assurance is None:
        is_met = meets_target(point, definition)
        if is_met is None:
            return ""
        return (
            f":small[:blue[:material/check: {_('met')}]]"
            if is_met
            else f":small[:orange[:material/close: {_('not met')}]]"
        )
    icon, colour = ASSURANCE_MARKS[point.assurance]
    word = vocabulary.assurance(point.assurance)
    against = {"will_pass": "worse", "will_fail": "better"}.get(point.assurance)
    if point.is_signal and point.direction == against:
        # The limits are those of the process before the signal: what they promise holds only if it comes back.
        return f":small[:gray[{icon} {_('{assurance}, if back to usual').format(assurance=word)}]]"
    return f":small[:{colour}[{icon} {word}]]"


def state(name: str) -> str:
    """A state as a small grey badge with its icon; empty for ok."""
    if name in ("ok", "no_target"):
        return ""
    return f":small[:gray[{STATE_MARKS.get(name, '')} {vocabulary.state(name)}]]"


def value(point: Point | None, definition: Definition, notes: Sequence[str] = ()) -> str:
    """The figure with its interval and other states below; a state in words where there is no figure."""
    return "  \n".join([_value(point, definition), *filter(None, (state(name) for name in notes))])


def _value(point: Point | None, definition: Definition) -> str:
    if point is None:
        return f":gray[{formats.MISSING}]  \n{state('no_data')}"
    if point.value is None:
        return f":gray[{formats.MISSING}]  \n{state(point.state)}"
    compact = definition.unit in NARROW
    text = formats.markdown(formats.quantity(point.value, definition.unit, definition.decimals, compact=compact))
    bounds = formats.interval(point.low, point.high, definition.unit, definition.decimals)
    return f"**{text}**" + (f"  \n:small[:gray[{formats.markdown(bounds)}]]" if bounds else "")
