"""Tables of one KPI: periods down, members across, in the reader's words and formats."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

import polars as pl

from dashboard import formats, vocabulary
from dashboard.language import _
from dashboard.queries.definitions import Definition


def long(rows: pl.DataFrame, labels: Mapping[str, str], dimension: str) -> pl.DataFrame:
    """The rows as they are exported: codes of members beside their words, states in words."""
    words = {code: vocabulary.member(code, dict(labels)) for code in rows["member"].unique()}
    states = {code: vocabulary.state(code) for code in rows["state"].unique()}
    return rows.with_columns(
        pl.lit(dimension).alias("dimension"),
        pl.col("member").replace(words).alias("label"),
        pl.col("state").replace(states),
    ).select("period_start", "dimension", "member", "label", "state", pl.exclude("dimension", "label", "period_start", "member", "state"))  # fmt: skip


def wide(
    rows: pl.DataFrame, labels: Mapping[str, str], definition: Definition, measure: str, grain: str
) -> pl.DataFrame:
    """Periods down (the latest first), members across, figures as text; a missing one says why."""
    members = rows["member"].unique(maintain_order=True).to_list()
    found: dict[date, dict[str, str]] = {}
    for row in rows.iter_rows(named=True):
        found.setdefault(row["period_start"], {})[row["member"]] = _figure(row, definition, measure)
    titles = {code: vocabulary.member(code, dict(labels)) for code in members}
    # Two members may have the same name: then their codes tell them apart.
    names = list(titles.values())
    titles = {code: name if names.count(name) == 1 else f"{name} ({code})" for code, name in titles.items()}
    days = sorted(found, reverse=True)
    columns: dict[str, list[str]] = {_("Period"): [formats.period(day, grain) for day in days]}
    for code, name in titles.items():
        columns[name if name not in columns else f"{name} ({code})"] = [found[day].get(code, "") for day in days]
    return pl.DataFrame(columns)


def _figure(row: Mapping[str, object], definition: Definition, measure: str) -> str:
    value = row[measure]
    if value is None:
        return vocabulary.state(str(row["state"])) if measure == "value" and row["state"] != "ok" else formats.MISSING
    number = float(str(value))
    if measure == "n":
        return formats.number(number)
    if measure == "change":
        return formats.difference(number, definition.unit, definition.decimals)
    if measure in ("numerator", "denominator"):
        return formats.number(number, 0 if number == int(number) else 2)
    text = formats.quantity(number, definition.unit, definition.decimals, compact=definition.unit == "brl")
    return (
        f"{text} ({vocabulary.state('provisional')})" if measure == "value" and row["state"] == "provisional" else text
    )
