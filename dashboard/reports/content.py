"""What a weekly pack says, computed once: the four renderers only arrange it, so that their numbers are the same."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime

from dashboard import formats
from dashboard.language import _, plural
from dashboard.queries.definitions import Definition
from dashboard.queries.publication import Stamp
from dashboard.queries.values import Point
from dashboard.reports.recomputation import Recipe


@dataclass(frozen=True)
class Readers:
    """Who a pack is for: a name for the folder, a language, and the areas and units that they may see (empty: all)."""

    name: str = "all"
    language: str = "pt_BR"
    areas: tuple[str, ...] = ()
    units: tuple[str, ...] = ()
    sees_restricted: bool = True

    @property
    def scope(self) -> str:
        """What they may see, in one text: a file that was made for another one is not for them."""
        restricted = "with restricted" if self.sees_restricted else "without restricted"
        return f"areas {','.join(self.areas) or 'all'}; units {','.join(self.units) or 'all'}; {restricted}"


@dataclass(frozen=True)
class Row:
    """One KPI in the week: its definition and figures, and its cells in words."""

    definition: Definition
    point: Point | None
    points: tuple[Point, ...]
    recipe: Recipe
    states: tuple[str, ...]
    value: str
    interval: str
    target: str
    assurance: str
    change: str
    signal: str
    state: str

    @property
    def direction(self) -> str | None:
        """Better, worse or changed where the week carries a signal."""
        if self.point is None or not self.point.is_signal:
            return None
        return self.point.direction or "changed"


@dataclass(frozen=True)
class ExceptionSentence:
    """A KPI that carries a signal, in one sentence."""

    row: Row
    scope: str
    sentence: str


@dataclass(frozen=True)
class UnitCell:
    """One KPI of one business unit in the week."""

    unit: str
    value: str
    direction: str | None
    point: Point


@dataclass(frozen=True)
class Area:
    """A page of the pack: all KPIs of an area, and those of them that are published by business unit."""

    name: str
    title: str
    rows: tuple[Row, ...]
    by_unit: Mapping[str, tuple[UnitCell, ...]]  # KPI → its units

    @property
    def headline_rows(self) -> tuple[Row, ...]:
        """The KPIs of the scorecard; the others stand on the area's page only."""
        return tuple(row for row in self.rows if row.definition.headline)


@dataclass(frozen=True)
class Scope:
    """The company, or one business unit, with its areas."""

    dimension: str
    member: str
    title: str
    areas: tuple[Area, ...]

    @property
    def rows(self) -> tuple[Row, ...]:
        """Every KPI of the scope."""
        return tuple(row for area in self.areas for row in area.rows)


@dataclass(frozen=True)
class Annotation:
    """A note that somebody left on a KPI."""

    label: str
    day: str
    author: str
    text: str


@dataclass(frozen=True)
class Restatement:
    """A past figure that is no longer what was reported."""

    label: str
    unit: str
    week: str
    reported: str
    now: str
    difference: str
    cause: str


@dataclass(frozen=True)
class Caution:
    """A data test that did not pass, or a source that is overdue."""

    title: str
    detail: str


@dataclass(frozen=True)
class Content:
    """The whole pack."""

    company: str
    readers: Readers
    week: str
    start: date
    end: date
    is_frozen: bool
    is_provisional: bool
    is_late: bool
    is_complete: bool
    frozen_at: datetime | None
    stamp: Stamp
    exceptions: tuple[ExceptionSentence, ...]
    footnote: str
    scopes: tuple[Scope, ...]
    unit_titles: Mapping[str, str]
    withheld: int  # restricted KPIs that these readers may not see
    left_out: int  # KPIs that no business unit has, where only units are shown
    annotations: tuple[Annotation, ...]
    restatements: tuple[Restatement, ...]
    cautions: tuple[Caution, ...]

    @property
    def definitions(self) -> tuple[Definition, ...]:
        """Every definition used, once."""
        found = {row.definition.name: row.definition for scope in self.scopes for row in scope.rows}
        return tuple(found.values())

    @property
    def title(self) -> str:
        """`Weekly pack · wk 46/2026`."""
        return f"{_('Weekly pack')} · {formats.period(self.start, 'week')}"

    @property
    def days(self) -> str:
        """First and last day of the week."""
        return f"{formats.day(self.start)}{formats.SPACE}–{formats.SPACE}{formats.day(self.end)}"

    @property
    def status(self) -> str:
        """Whether the figures are frozen or may still move."""
        if self.is_frozen and self.is_provisional:
            return _("Frozen while a source was behind: provisional figures, kept as they were reported.")
        if self.is_frozen and self.is_late:
            return _("Frozen later, as of its own date: these figures no longer change.")
        if self.is_frozen:
            return _("Frozen: these figures no longer change.")
        if self.is_complete:
            return _("Provisional: the week is over, but its figures have not been frozen.")
        return _("Provisional: the week is not over.")

    @property
    def marks(self) -> str:
        """The status in a few words, for the foot of every page."""
        words = [_("frozen")] if self.is_frozen else []
        return " · ".join([*words, *([_("provisional figures")] if self.is_provisional else [])])

    @property
    def stamp_line(self) -> str:
        """What was known, and when it was published."""
        text = _("Data as of {as_of} · published on {published} · publication {identifier}")
        return text.format(
            as_of=formats.day(self.stamp.as_of),
            published=formats.moment(self.stamp.published_at),
            identifier=self.stamp.publication_id,
        )

    @property
    def absences(self) -> tuple[str, ...]:
        """What these readers are not shown, counted: restricted KPIs, and those that no business unit has."""
        found = []
        if self.withheld:
            text = plural(
                "{count} restricted indicator is only for audiences that may see it, and is left out.",
                "{count} restricted indicators are only for audiences that may see them, and are left out.",
                self.withheld,
            )
            found.append(text.format(count=self.withheld))
        if self.left_out:
            text = plural(
                "{count} indicator is not published by business unit and is left out.",
                "{count} indicators are not published by business unit and are left out.",
                self.left_out,
            )
            found.append(text.format(count=self.left_out))
        return tuple(found)

    @property
    def filter_line(self) -> str:
        """Which areas and units the pack holds."""
        from dashboard import vocabulary

        areas = ", ".join(vocabulary.area(name) for name in self.readers.areas) or _("All areas")
        units = ", ".join(self.unit_titles.get(unit, unit) for unit in self.readers.units) or _("All units")
        return f"{areas} · {units}"
