"""Whether a week's pack has reached its audiences: counts only, because addresses are nobody else's business."""

from __future__ import annotations

from collections import Counter

import streamlit as st

from dashboard import formats
from dashboard.language import N_, _
from dashboard.writings import office
from office.messages import listed

KIND = "pack"
MOST = 100_000  # messages of a week
# What has not arrived, in words; what somebody should look at stands out.
STATES = {
    "waiting": N_("{count} waiting"),
    "sending": N_("{count} being sent"),
    "failed": N_("{count} not delivered"),
    "uncertain": N_("{count} uncertain"),
    "withdrawn": N_("{count} withdrawn"),
}
TROUBLES = ("failed", "uncertain")


def deliveries(week: str) -> None:
    """One line: how many recipients of each audience have it. Nothing where nothing was sent."""
    found: dict[str, Counter[str]] = {}
    for message in reversed(listed(office(), KIND, week, limit=MOST)):
        found.setdefault(message.audience, Counter())[message.state] += 1
    if not found:
        return
    told = " · ".join(_told(audience, counts) for audience, counts in found.items())
    # Not a caption: its paleness would make the colour of what is amiss unreadable.
    st.markdown(
        f":small[:material/send: {_('Sent')} · {told}]",
        help=_(
            "Recipients by mail and chat. Uncertain: handed over, but not confirmed; it is not sent again by itself."
        ),
    )


def _told(audience: str, counts: Counter[str]) -> str:
    text = _("{audience}: {sent} of {all}").format(
        audience=formats.markdown(audience),
        sent=formats.number(counts["sent"]),
        all=formats.number(counts.total()),
    )
    others = []
    for state, words in STATES.items():
        if counts[state]:
            said = _(words).format(count=formats.number(counts[state]))
            others.append(f":orange[{said}]" if state in TROUBLES else said)
    return f"{text} ({', '.join(others)})" if others else text
