"""What has changed between what an audience was told last and what is published now. Pure comparison."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace

from dashboard.reports.observations import Observation
from office.alerts import State

NEW, WORSE, RECOVERED = "new", "worse", "recovered"


@dataclass(frozen=True)
class Change:
    """Something to tell: `new`, `worse` than when it was told, or `recovered`."""

    kind: str
    observation: Observation


def compare(
    states: Mapping[str, State], observations: Iterable[Observation], moment: str
) -> tuple[list[Change], dict[str, State]]:
    """The changes to tell, and the states from now on.

    What lasts is told once. What is not known now (no figure yet, a source that is late) stays as it was told. A figure
    has recovered only when two complete periods in a row are clear of it: one that comes and goes is told once. What is
    no longer watched (a KPI that was retired, an area that is no longer the audience's) is forgotten without a word.
    """
    changes: list[Change] = []
    after: dict[str, State] = {}
    for seen in observations:
        before = states.get(seen.key)
        if seen.is_active is None:
            if before is not None:
                after[seen.key] = before
        elif seen.is_active:
            state = State(seen.key, seen.topic, seen.variant, seen.level, moment, seen.period, None)
            if before is None or before.variant != seen.variant:
                changes.append(Change(NEW, seen))
            else:
                state = replace(state, since=before.since, level=max(before.level, seen.level))
                if seen.level > before.level:
                    changes.append(Change(WORSE, seen))
            after[seen.key] = state
        elif before is not None:
            kept = while_clear(before, seen.period)
            if kept is None:
                changes.append(Change(RECOVERED, seen))
            else:
                after[seen.key] = kept
    return changes, after


def while_clear(state: State, period: str | None) -> State | None:
    """The state of something that is clear in a period; None once it has recovered."""
    if period is None:
        return None
    if state.last_period is not None and period <= state.last_period:
        # The same period was built anew: what was told of it is not taken back before the next one.
        return state
    if state.clear_period is None or period < state.clear_period:
        return replace(state, clear_period=period)
    return state if period == state.clear_period else None
