"""Dated targets: read strictly from CSV, every error with file and line, and laid beside the values they bind.

A row binds a KPI from `valid_from` to `valid_to` (both inclusive, empty = for ever), in one business unit or, with an
empty unit, wherever no row of that unit does. A period is held against the target in force on its last day (at as-of,
inside it). Percentages are fractions.
"""

from __future__ import annotations

import csv
import datetime as dt
from collections.abc import Collection, Mapping
from pathlib import Path

import polars as pl

from kpis.definition import Kpi
from kpis.entry import Problem

TARGET_COLUMNS = {
    "kpi": pl.String,
    "business_unit": pl.String,
    "valid_from": pl.Date,
    "valid_to": pl.Date,
    "value": pl.Float64,
    "tolerance": pl.Float64,
    "source": pl.String,
}
"""A row per target; `business_unit` empty where it binds all, `source` the file and line."""
_FIELDS = tuple(TARGET_COLUMNS)[:-1]
_ADDING = ("count", "amount")
_BEGINNING, _END = dt.date(1900, 1, 1), dt.date(9999, 12, 31)
_HIGHEST_FRACTION = 10.0


class TargetsError(ValueError):
    """A file of targets is not valid; `problems` holds all of them."""

    def __init__(self, problems: list[Problem]) -> None:
        self.problems = problems
        super().__init__("\n".join(str(problem) for problem in problems))


def read_targets(
    path: Path, shown: str, catalogue: Mapping[str, Kpi], units: Collection[str] | None = None
) -> pl.DataFrame:
    """The targets of one file (TARGET_COLUMNS), named `shown` in messages.

    Comma or semicolon between the fields (with semicolons a decimal comma is read, too), dates yyyy-mm-dd or
    dd/mm/yyyy. `units`: the business units that exist, where they are known. Raises TargetsError with all problems:
    unknown KPI or unit, a value that is no number or not in the KPI's unit, dates in the wrong order, overlaps.
    """
    text = _text(path)
    header = text.split("\n", 1)[0]
    delimiter = ";" if ";" in header else ","
    reader = csv.reader(text.splitlines(), delimiter=delimiter)
    problems: list[Problem] = []
    names = [name.strip() for name in next(reader, [])]
    if sorted(names) != sorted(_FIELDS):
        raise TargetsError(
            [Problem(shown, 1, f"the columns are {', '.join(names)}", f"write them as: {','.join(_FIELDS)}")]
        )
    rows: list[dict[str, object]] = []
    for cells in reader:
        line = reader.line_num
        if not any(cell.strip() for cell in cells):
            continue
        if len(cells) != len(names):
            problems.append(Problem(shown, line, f"{len(cells)} fields in place of {len(names)}", "mend the line"))
            continue
        row = _Row(shown, line, dict(zip(names, (cell.strip() for cell in cells), strict=True)), delimiter == ";")
        rows.append(row.checked(catalogue, units))
        problems += row.problems
    frame = pl.DataFrame(rows, schema={**TARGET_COLUMNS, "line": pl.Int64})
    problems += _overlaps(frame, shown)
    if problems:
        raise TargetsError(sorted(problems, key=lambda problem: problem.line))
    return frame.drop("line")


def _text(path: Path) -> str:
    """UTF-8, else what spreadsheet programs write in Brazil."""
    content = path.read_bytes()
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError:
        return content.decode("cp1252", errors="replace")


class _Row:
    """One line of the file: its fields, checked one by one."""

    def __init__(self, shown: str, line: int, fields: dict[str, str], has_comma: bool) -> None:
        self.shown, self.line, self.fields, self.has_comma = shown, line, fields, has_comma
        self.problems: list[Problem] = []

    def problem(self, message: str, remedy: str) -> None:
        self.problems.append(Problem(self.shown, self.line, message, remedy))

    def checked(self, catalogue: Mapping[str, Kpi], units: Collection[str] | None) -> dict[str, object]:
        fields = self.fields
        kpi = catalogue.get(fields["kpi"])
        if kpi is None:
            self.problem(f'there is no KPI "{fields["kpi"]}"', "list them with `retaguarda kpi --list`")
        elif kpi.kind in _ADDING:
            self.problem(f"{kpi.name} is a sum, which no one target fits for weeks and years alike", "remove the line")
        unit = fields["business_unit"]
        if unit and units is not None and unit not in units:
            self.problem(f'there is no business unit "{unit}"', f"use one of: {', '.join(sorted(units))}")
        begin, end = self.day("valid_from"), self.day("valid_to")
        if begin and end and begin > end:
            self.problem(f"valid_from {begin} lies after valid_to {end}", "write the earlier day first")
        value, tolerance = self.number("value"), self.number("tolerance") if fields["tolerance"] else 0.0
        if not fields["value"]:
            self.problem("the value is empty", "write a number")
        if tolerance is not None and tolerance < 0:
            self.problem(f"tolerance {fields['tolerance']} is negative", "write 0 or more")
        if kpi is not None and value is not None:
            self.in_unit(kpi, value)
        return {
            "kpi": fields["kpi"],
            "business_unit": unit,
            "valid_from": begin,
            "valid_to": end,
            "value": value,
            "tolerance": tolerance,
            "source": f"{self.shown}, line {self.line}",
            "line": self.line,
        }

    def in_unit(self, kpi: Kpi, value: float) -> None:
        """A percentage written as 95 is the commonest slip; natural bounds catch others."""
        highest = 1.0 if kpi.kind == "share" else _HIGHEST_FRACTION
        if kpi.unit == "percent" and abs(value) > highest:
            self.problem(
                f"value {self.fields['value']} is no fraction, but {kpi.name} is a percentage",
                f"write {value / 100:g} for {value:g} %",
            )
            return
        low, high = kpi.bounds
        if (low is not None and value < low) or (high is not None and value > high):
            self.problem(
                f"value {self.fields['value']} lies outside the bounds of {kpi.name} ({kpi.unit}): "
                f"{'' if low is None else f'{low:g}'} to {'' if high is None else f'{high:g}'}",
                "write it in the KPI's unit",
            )

    def number(self, name: str) -> float | None:
        text = self.fields[name]
        if not text:
            return None
        try:
            return float(text.replace(",", ".") if self.has_comma else text)
        except ValueError:
            self.problem(f'{name} "{text}" is not a number', "write a number, a percentage as a fraction")
            return None

    def day(self, name: str) -> dt.date | None:
        text = self.fields[name]
        if not text:
            return None
        for pattern in ("%Y-%m-%d", "%d/%m/%Y"):
            try:
                return dt.datetime.strptime(text, pattern).date()  # noqa: DTZ007 (a calendar day has no time zone)
            except ValueError:
                continue
        self.problem(f'{name} "{text}" is not a date', "write yyyy-mm-dd")
        return None


def _overlaps(frame: pl.DataFrame, shown: str) -> list[Problem]:
    keys = ["kpi", "business_unit"]
    begin = pl.col("valid_from").fill_null(_BEGINNING)
    ordered = frame.sort(*keys, begin, "line").with_columns(
        end_before=pl.col("valid_to").fill_null(_END).cum_max().shift(1).over(keys),
        line_before=pl.col("line").shift(1).over(keys),
    )
    clashes = ordered.filter(begin <= pl.col("end_before"))
    return [
        Problem(
            shown,
            max(row["line"], row["line_before"]),
            f"the target of {row['kpi']} {'in ' + row['business_unit'] if row['business_unit'] else 'for all units'} "
            f"overlaps that of line {min(row['line'], row['line_before'])}",
            "end the earlier one (valid_to) on the day before the later one begins",
        )
        for row in clashes.iter_rows(named=True)
    ]


def merged_targets(standard: pl.DataFrame, own: pl.DataFrame) -> pl.DataFrame:
    """A company's own targets before the standard ones: of a KPI that the company names, all standard rows go."""
    return pl.concat([standard.join(own, on="kpi", how="anti"), own])


def with_targets(values: pl.DataFrame, targets: pl.DataFrame, as_of: dt.date) -> pl.DataFrame:
    """`values` (VALUE_COLUMNS of any KPIs) with `target` and `target_tolerance` of the target in force, else null."""
    day = pl.min_horizontal(pl.col("period_end"), pl.lit(as_of))
    is_unit = pl.col("dimension") == "business_unit"
    wanted = values.with_columns(target_day=day, target_unit=pl.when(is_unit).then("member").otherwise(pl.lit("")))
    wanted = _in_force(wanted, targets, "own").with_columns(target_unit=pl.lit(""))
    wanted = _in_force(wanted, targets, "common")
    has_own = pl.col("own_value").is_not_null()
    return wanted.with_columns(
        target=pl.coalesce("own_value", "common_value"),
        target_tolerance=pl.when(has_own).then("own_tolerance").otherwise("common_tolerance"),
    ).select(*values.columns, "target", "target_tolerance")


def _in_force(wanted: pl.DataFrame, targets: pl.DataFrame, prefix: str) -> pl.DataFrame:
    dated = targets.select(
        "kpi",
        pl.col("business_unit").alias("target_unit"),
        pl.col("valid_from").fill_null(_BEGINNING).alias("target_from"),
        pl.col("valid_to").fill_null(_END).alias("target_to"),
        pl.col("value").alias(f"{prefix}_value"),
        pl.col("tolerance").alias(f"{prefix}_tolerance"),
    ).sort("target_from")
    found = wanted.with_row_index("target_row").sort("target_day").join_asof(
        dated, left_on="target_day", right_on="target_from", by=["kpi", "target_unit"], strategy="backward",
        check_sortedness=False,
    )  # fmt: skip
    is_over = pl.col("target_day") > pl.col("target_to")
    names = [f"{prefix}_value", f"{prefix}_tolerance"]
    return (
        found.with_columns(pl.when(is_over).then(None).otherwise(pl.col(name)).alias(name) for name in names)
        .sort("target_row")
        .drop("target_row", "target_from", "target_to")
    )
