"""What a KPI's catalogue entry says, as plain immutable objects."""

from __future__ import annotations

from dataclasses import dataclass, field

AREAS: tuple[str, ...] = (
    "customers", "strategy", "investments", "payables", "receivables", "accounting", "fiscal", "people", "support", "it",
    "legal", "stock", "logistics", "commercial", "procurement", "facilities",
)  # fmt: skip
"""The areas of the back office, in reading order."""
KINDS: tuple[str, ...] = ("count", "amount", "share", "ratio", "score", "duration", "level", "balance", "cash_flow")
UNITS: tuple[str, ...] = (
    "percent", "points", "days", "business_days", "hours", "business_hours", "brl", "count", "months", "ratio",
)  # fmt: skip
CLOCKS: tuple[str, ...] = ("calendar_days", "business_days", "elapsed_minutes", "business_minutes")
"""`calendar_days` counts cases by start day; the others have cases cut at calendar days."""
MEASURES_OF: dict[str, tuple[str, ...]] = {
    "balance": ("per_average", "days", "countback", "cash_cycle"),
    "cash_flow": ("irr", "npv", "payback"),
}
"""What is measured, by the kind that needs to be told."""
MEASURES: tuple[str, ...] = tuple(measure for measures in MEASURES_OF.values() for measure in measures)
WINDOWS: tuple[str, ...] = ("period", "trailing_12_months")
"""Over which days a balance KPI looks: those of the period, or the twelve months that end with it."""
POINTS: tuple[str, ...] = ("daily", "month_ends")
"""Which balances make the mean of a balance KPI: every day's, or the opening one and every month's end."""
BETTER: tuple[str, ...] = ("higher", "lower", "neutral")
LANGUAGES: tuple[str, ...] = ("en", "pt_BR")


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
    """One governed KPI; words are dictionaries by language (`en`, `pt_BR`).

    `restricted` says why not everybody may see it; it is empty where everybody may.
    """

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
    window: str | None = None
    points: str | None = None
    bounds: tuple[float | None, float | None] = (None, None)
    headline: bool = False
    signals: bool = True
    restricted: dict[str, str] = field(default_factory=dict)
    traps: dict[str, tuple[str, ...]] = field(default_factory=dict)
    model: str = ""
    path: str = ""
    line: int = 0
    content_hash: str = ""
    entry: str = ""

    @property
    def scale(self) -> float:
        """Factor from the model's age (days or minutes) to the published unit (days or hours)."""
        return 1 / 60 if self.clock in ("elapsed_minutes", "business_minutes") else 1.0

    @property
    def component_columns(self) -> tuple[str, ...]:
        """The columns that the KPI's model must have beside `date_day` and the dimensions."""
        return components_of(self.kind, self.measure)


COMPONENTS: dict[str, tuple[str, ...]] = {
    **dict.fromkeys(("count", "amount", "share", "ratio", "level"), ("numerator", "denominator", "count_records")),
    "score": ("promoters", "detractors", "responses"),
    "duration": ("entry_age", "exit_age", "is_finished", "cases"),
    "balance": ("flow", "balance", "count_records"),
    "cash_flow": ("project", "scenario", "amount", "annual_discount_rate"),
}
"""Component columns by kind (`project` is also a dimension of the cash flows)."""
CASH_CYCLE_COMPONENTS = ("stock", "cost_of_goods", "receivables", "revenue", "payables", "count_records")


def components_of(kind: str, measure: str | None = None) -> tuple[str, ...]:
    """Component columns of a kind; the cash cycle is the one measure that has its own."""
    return CASH_CYCLE_COMPONENTS if measure == "cash_cycle" else COMPONENTS[kind]
