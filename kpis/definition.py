"""What a KPI's catalogue entry says, as plain immutable objects."""

from __future__ import annotations

from dataclasses import dataclass, field

AREAS: tuple[str, ...] = ("customers", "strategy", "investments", "payables", "accounting", "support")
KINDS: tuple[str, ...] = ("count", "amount", "share", "ratio", "score", "duration", "level", "cash_flow")
UNITS: tuple[str, ...] = ("percent", "points", "days", "business_hours", "brl", "count", "months", "ratio")
CLOCKS: tuple[str, ...] = ("calendar_days", "business_minutes")
MEASURES: tuple[str, ...] = ("irr", "npv", "payback")
BETTER: tuple[str, ...] = ("higher", "lower", "neutral")
LANGUAGES: tuple[str, ...] = ("en", "pt_BR")


@dataclass(frozen=True)
class Target:
    """What the owner has promised: `value` in the KPI's unit (percent as a fraction), `tolerance` around it."""

    value: float
    tolerance: float = 0.0


@dataclass(frozen=True)
class Records:
    """Where the rows behind a number are: a mart, its date, an SQL condition, the value and the columns to show."""

    model: str
    date_column: str
    where: str | None
    value_column: str | None
    columns: tuple[str, ...]


@dataclass(frozen=True)
class Kpi:
    """One governed KPI; words are dictionaries by language (`en`, `pt_BR`)."""

    name: str
    area: str
    label: dict[str, str]
    definition: dict[str, str]
    formula: dict[str, str]
    eligibility: dict[str, str]
    authority: str
    event_date: dict[str, str]
    kind: str
    unit: str
    decimals: int
    better: str
    minimum_n: int
    dimensions: tuple[str, ...]
    owner: dict[str, str]
    records: Records | None = None
    clock: str | None = None
    measure: str | None = None
    target: Target | None = None
    bounds: tuple[float | None, float | None] = (None, None)
    headline: bool = False
    signals: bool = True
    traps: dict[str, tuple[str, ...]] = field(default_factory=dict)
    model: str = ""
    path: str = ""
    line: int = 0
    content_hash: str = ""

    @property
    def scale(self) -> float:
        """Factor from the model's age (days or minutes) to the published unit (days or business hours)."""
        return 1 / 60 if self.clock == "business_minutes" else 1.0

    @property
    def component_columns(self) -> tuple[str, ...]:
        """The columns that the KPI's model must have beside `date_day` and the dimensions."""
        return COMPONENTS[self.kind]


COMPONENTS: dict[str, tuple[str, ...]] = {
    **dict.fromkeys(("count", "amount", "share", "ratio", "level"), ("numerator", "denominator", "count_records")),
    "score": ("promoters", "detractors", "responses"),
    "duration": ("entry_age", "exit_age", "is_finished", "cases"),
    "cash_flow": ("project", "scenario", "amount", "annual_discount_rate"),
}
"""Component columns by kind (`project` is also a dimension of the cash flows)."""
