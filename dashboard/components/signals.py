"""Signal, assurance and state in short: a shape, a colour and a word, so that none stands alone.

Each is a `Note`, which is drawn as Markdown where Streamlit draws, and as HTML in the tables of our own.
"""

from __future__ import annotations

from dataclasses import dataclass
from html import escape

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
MET = (":material/check:", "blue")
NOT_MET = (":material/close:", "orange")
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


@dataclass(frozen=True)
class Note:
    """A word or two with an icon (a character, or one of Streamlit's `:material/…:`) and a colour of the theme."""

    text: str
    icon: str = ""
    colour: str = "gray"
    is_strong: bool = False

    @property
    def markdown(self) -> str:
        """Small and coloured, as Streamlit's Markdown."""
        words = f"**{self.text}**" if self.is_strong else self.text
        return f":small[:{self.colour}[{self.icon} {words}]]" if self.icon else f":small[:{self.colour}[{words}]]"

    @property
    def html(self) -> str:
        """The same as HTML; the icon is hidden from screen readers, which get the word."""
        words = f"<strong>{escape(self.text)}</strong>" if self.is_strong else escape(self.text)
        return f'<span class="note {self.colour}">{icon_html(self.icon)}{words}</span>'


def icon_html(icon: str) -> str:
    """A character as it is; a material icon in the font that Streamlit brings along, written by the style sheet."""
    if not icon:
        return ""
    name = icon.removeprefix(":material/").removesuffix(":")
    if name == icon:
        return f'<span class="shape" aria-hidden="true">{escape(icon)}</span> '
    return f'<span class="icon" aria-hidden="true" data-icon="{escape(name)}"></span> '


def direction_mark(direction: str | None) -> str:
    """The coloured shape of a signal, as in the charts."""
    icon, colour = DIRECTION_MARKS.get(direction or "changed", DIRECTION_MARKS["changed"])
    return f":{colour}[{icon}]"


def signal_note(point: Point) -> Note | None:
    """On which side of what a signal lies; `noise` without one; None where the process has no limits."""
    if point.is_signal:
        icon, colour = DIRECTION_MARKS.get(point.direction or "changed", DIRECTION_MARKS["changed"])
        return Note(where(point), icon, colour, is_strong=True)
    return Note(_("noise")) if point.centre is not None else None


def target_text(point: Point | None, definition: Definition) -> str:
    """`≤ 30 d`; empty where there is no target."""
    promised = point.target if point is not None else definition.target
    if promised is None:
        return ""
    bound = {"higher": "≥\N{NO-BREAK SPACE}", "lower": "≤\N{NO-BREAK SPACE}"}.get(definition.better, "")
    return bound + formats.quantity(promised, definition.unit, definition.decimals, compact=True)


def assurance_note(point: Point, definition: Definition) -> Note | None:
    """Whether the process can reach its target; without limits, whether the latest figure does.

    Nothing where there is no figure: a period without one must not look as if it had kept a promise.
    """
    if point.value is None:
        return None
    if point.assurance is None:
        is_met = meets_target(point, definition)
        if is_met is None:
            return None
        return Note(_("met"), *MET) if is_met else Note(_("not met"), *NOT_MET)
    icon, colour = ASSURANCE_MARKS[point.assurance]
    word = vocabulary.assurance(point.assurance)
    against = {"will_pass": "worse", "will_fail": "better"}.get(point.assurance)
    if point.is_signal and point.direction == against:
        # The limits are those of the process before the signal: what they promise holds only if it comes back.
        return Note(_("{assurance}, if back to usual").format(assurance=word), icon)
    return Note(word, icon, colour)


def assurance(point: Point, definition: Definition) -> str:
    """The assurance as Markdown; empty where nothing can be said."""
    note = assurance_note(point, definition)
    return note.markdown if note else ""


def state_note(name: str) -> Note | None:
    """A state with its icon; None for what is as it should be."""
    if name in ("ok", "no_target"):
        return None
    return Note(vocabulary.state(name), STATE_MARKS.get(name, ""))


def state(name: str) -> str:
    """A state as a small grey badge with its icon; empty for ok."""
    note = state_note(name)
    return note.markdown if note else ""


def value_text(point: Point | None, definition: Definition) -> str:
    """The figure with its unit, short where the unit is long; a dash where there is none."""
    if point is None or point.value is None:
        return formats.MISSING
    compact = definition.unit in NARROW
    return formats.quantity(point.value, definition.unit, definition.decimals, compact=compact)
