"""What every shape and icon of the scorecard means, in words; shown when somebody asks."""

from __future__ import annotations

import streamlit as st

from dashboard import navigation, state, vocabulary
from dashboard.components import signals
from dashboard.language import N_, _

DIRECTION_WORDS = {
    "worse": N_("signal: more than ordinary variation, to the bad side"),
    "better": N_("signal: more than ordinary variation, to the good side"),
    "changed": N_("signal in a KPI that has no good side"),
}
STATES = (
    "provisional",
    "too_few",
    "no_data",
    "not_applicable",
    "undefined",
    "ambiguous",
    "restricted",
    "stale",
    "failed_test",
)
PICTURE_WORDS = (
    ("—", N_("grey line: the value in each period, pale over periods without one; the last complete period is marked")),
    ("▒", N_("grey band: the limits of ordinary variation, with the centre as a thin line")),
    ("╌", N_("dashed green line: the target")),
    ("○", N_("hollow circle: a period that is not over")),
)


def legend() -> None:
    """A button that opens the table of signs."""
    with st.popover(_("Legend"), icon=":material/info:", type="tertiary"):
        entries = legend_entries()
        for title, lines in entries.items():
            st.markdown(f"**{title}**  \n" + "  \n".join(f"{sign} {text}" for sign, text in lines))
        st.page_link(
            navigation.page("definitions"), label=_("All words explained"), icon=":material/menu_book:",
            query_params=state.link({"view": "glossary"}),
        )  # fmt: skip


def legend_entries() -> dict[str, list[tuple[str, str]]]:
    """Heading → (sign as Markdown, its meaning), in the reader's language."""
    return {
        _("Signal"): [
            *((signals.direction_mark(name), _(text)) for name, text in DIRECTION_WORDS.items()),
            (f":gray[{_('noise')}]", _("the change is within ordinary variation: no single cause to look for")),
        ],
        _("Can the target be reached?"): [
            *(
                (f":{colour}[{icon}] **{vocabulary.assurance(name)}**:", vocabulary.assurance_reason(name))
                for name, (icon, colour) in signals.ASSURANCE_MARKS.items()
            ),
            (
                f":{signals.MET[1]}[{signals.MET[0]}] / :{signals.NOT_MET[1]}[{signals.NOT_MET[0]}]",
                _("the latest figure meets its target, or does not; the process has no limits yet"),
            ),
        ],
        _("States of a figure"): [
            (f":gray[{signals.STATE_MARKS[name]}] **{vocabulary.state(name)}**:", vocabulary.state_reason(name))
            for name in STATES
        ],
        _("Picture"): [(f":gray[{sign}]", _(text)) for sign, text in PICTURE_WORDS],
    }
