"""What changed: one sentence for each KPI that carries a signal in the last complete period."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from html import escape

import streamlit as st

from dashboard import formats, headlines, vocabulary
from dashboard.components import signals
from dashboard.components.linked import link, linked
from dashboard.headlines import Headline
from dashboard.language import _, plural
from dashboard.queries.values import Point

SHOWN = 7  # sentences before the fold: what two minutes on a phone allow


def heading(grain: str) -> str:
    """`O que mudou nesta semana`: named after the grain."""
    match grain:
        case "week":
            return _("What changed this week")
        case "month":
            return _("What changed this month")
        case _other:
            return _("What changed this quarter")


def what_changed(
    rows: Sequence[Headline], others: Sequence[Headline], grain: str,
    by_unit: Mapping[str, Sequence[Point]], units: Mapping[str, str], place: Mapping[str, str] | None = None,
) -> None:  # fmt: skip
    """The weightiest SHOWN sentences of `rows`; folded below them the rest, and those of `others`, by area.

    `others` are KPIs that are not on the scorecard. Last comes how many signals chance alone would give. `place` is what
    links to a KPI's page carry besides the KPI.
    """
    latest = [row.latest for row in rows if row.latest is not None]
    if not latest:
        st.info(_("No complete period yet."), icon=":material/info:")
        return
    start = max(point.period_start for point in latest)
    st.header(f"{heading(grain)} :small[:gray[{formats.period(start, grain)}]]", anchor=False)
    if not any(point.centre is not None for point in latest):
        st.caption(_("Signals are computed by week and by month."))
        return
    found, beside = headlines.signalled(rows), headlines.signalled(others)

    def line(row: Headline) -> str:
        cause = headlines.main_cause(row, by_unit.get(row.definition.name, ()))
        return sentence_line(row, grain, units.get(cause, cause) if cause else None, place or {})

    if found:
        parts = ["<ul>", *(line(row) for row in found[:SHOWN]), "</ul>"]
        parts.append(_fold([*found[SHOWN:], *beside], line))
        linked("".join(parts), "changes")
    elif beside:
        linked(_fold(beside, line), "changes")
    st.caption(_footnote([*rows, *others], bool(found or beside)))


def sentence_line(row: Headline, grain: str, cause: str | None, place: Mapping[str, str]) -> str:
    """One sentence as HTML: shape, KPI, what happened and since when, the target if it is missed, and whose it is."""
    point, definition = row.latest, row.definition
    icon, colour = signals.DIRECTION_MARKS.get((point.direction if point else None) or "changed", ("◆", "violet"))
    word = vocabulary.direction(point.direction if point and point.direction else "changed")
    tail = ""
    if point is not None and headlines.meets_target(point, definition) is False:
        text = _("target {target} missed").format(target=signals.target_text(point, definition))
        tail += f' <span class="orange">· {escape(text)}</span>'
    if definition.owner:
        tail += f' <small class="gray">· {escape(definition.owner)}</small>'
    return (
        f'<li><span class="shape {colour}" aria-hidden="true">{icon}</span><span class="hidden">{escape(word)}: </span>'
        f"{link('kpi', definition.label, {**place, 'kpi': definition.name}, name='name')} "
        f"{escape(headlines.sentence(row, grain, cause))}{tail}</li>"
    )


def _fold(rows: Sequence[Headline], line: Callable[[Headline], str]) -> str:
    """The other sentences behind one line that tells how many they are, grouped by area."""
    if not rows:
        return ""
    text = plural("{count} more signal", "{count} more signals", len(rows)).format(count=len(rows))
    parts = [f"<details><summary>{escape(text)}</summary>"]
    for area in vocabulary.AREAS:
        chosen = [row for row in rows if row.definition.area == area]
        if chosen:
            parts += [f"<h3>{escape(vocabulary.area(area))}</h3><ul>", *map(line, chosen), "</ul>"]
    return "".join(parts) + "</details>"


def _footnote(rows: Sequence[Headline], is_any: bool) -> str:
    expected = formats.number(headlines.expected_by_chance(rows), 1)
    parts = [] if is_any else [_("Nothing beyond ordinary variation.")]
    parts.append(
        _("Chance alone would give about {expected} signals among {count} KPIs.").format(
            expected=expected, count=headlines.watched(rows)
        )
    )
    return " ".join(parts)
