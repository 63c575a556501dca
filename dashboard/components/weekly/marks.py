"""How a frozen week is marked: provisional, late, restated, altered. Each mark is an icon and a word, never colour alone."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import streamlit as st

from dashboard import formats
from dashboard.components.weekly.integrity import Discrepancy
from dashboard.language import _, active
from dashboard.published import Publication
from dashboard.queries.snapshots import Snapshot, source_labels

SOURCES_NAMED = 4


def days(snapshot: Snapshot) -> str:
    """First and last day of the week."""
    return f"{formats.day(snapshot.start)} – {formats.day(snapshot.end)}"


def marks(snapshot: Snapshot) -> str:
    """The marks of a week as Markdown badges."""
    found = [f":gray-badge[:material/lock: {_('frozen')}]"]
    if snapshot.is_provisional:
        found.append(f":orange-badge[:material/hourglass_top: {_('provisional figures')}]")
    if snapshot.is_late:
        found.append(f":gray-badge[:material/more_time: {_('frozen late')}]")
    return " ".join(found)


def integrity_mark(week: str, found: Sequence[Discrepancy] | None) -> str:
    """Whether the files of a week are what they were; `None` while nobody knows."""
    if found is None:
        return f":gray-badge[:material/pending: {_('not checked')}]"
    if any(one.week == week for one in found):
        return f":red-badge[:material/gpp_bad: {_('altered')}]"
    return f":blue-badge[:material/verified_user: {_('intact')}]"


def explained(publication: Publication, snapshot: Snapshot) -> str:
    """When the week was frozen and from what, and what its marks mean, in sentences."""
    text = _("Frozen on {frozen}, from what was known until {as_of} (publication {identifier}).")
    parts = [
        text.format(
            frozen=formats.moment(snapshot.frozen_at), as_of=formats.moment(snapshot.as_of),
            identifier=formats.markdown(snapshot.publication_id),
        )
    ]  # fmt: skip
    if snapshot.is_late:
        parts.append(_("It was missed, and frozen afterwards as of its own date."))
    if snapshot.is_provisional:
        names = sources(publication, snapshot.stale_sources)
        parts.append(_("Provisional: these sources did not reach its end: {sources}.").format(sources=names))
    return " ".join(parts)


def sources(publication: Publication, names: Sequence[str]) -> str:
    """Sources by their labels; no more than a line can hold."""
    labels: Mapping[str, tuple[str, str]] = source_labels(publication)
    place = 0 if active() == "pt_BR" else 1
    words = [labels[name][place] if name in labels else name for name in names]
    shown = ", ".join(words[:SOURCES_NAMED])
    more = len(words) - SOURCES_NAMED
    if more > 0:
        shown += " " + _("and {count} more").format(count=formats.number(more))
    return formats.markdown(shown)


def damage(found: Sequence[Discrepancy], week: str) -> None:
    """What is wrong with a week's files, in red, with what to do."""
    wrong = [one for one in found if one.week == week]
    if wrong:
        lines = [f"{formats.markdown(one.file)}: {formats.markdown(one.message)}" for one in wrong]
        st.error(
            _("The files of this week are not those that were frozen. Restore them from a backup; `retaguarda verify` checks.")
            + "  \n" + "  \n".join(lines),
            icon=":material/gpp_bad:",
        )  # fmt: skip
