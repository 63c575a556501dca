"""Frozen weeks in the published file: as reported, as known today, and the rows that make the difference."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any

import duckdb
import polars as pl

from ingestion.contracts import Contract
from kpis.restatements import CAUSES, FIGURE, restated, split, with_causes
from pipeline.progress import Narrator
from pipeline.published_tables import write_table
from pipeline.settings import DataFolder
from pipeline.snapshot_contents import VALUES
from pipeline.snapshot_files import FrozenWeek, frozen_weeks
from pipeline.snapshot_records import RecordFinder
from pipeline.snapshot_verifying import damage_of

# Of each KPI and week; the counts are of all rows.
ROWS_SHOWN = 200
SIDES = ("date", "unit", "amount", "counts")
WEEKS = {
    "week": pl.String,
    "week_start": pl.Date,
    "week_end": pl.Date,
    "sequence": pl.Int64,
    "frozen_at": pl.Datetime("us"),
    "as_of": pl.Datetime("us"),
    "known_until": pl.Datetime("us"),
    "publication_id": pl.String,
    "is_provisional": pl.Boolean,
    "is_late": pl.Boolean,
    "stale_sources": pl.List(pl.String),
    "manifest_sha256": pl.String,
}
ROWS = {
    **dict.fromkeys(("kpi", "week", "cause", "found_by", "source", "file_name"), pl.String),
    "line": pl.Int64,
    "key": pl.String,
    "changes_record": pl.Boolean,
    **{f"{name}_{side}": kind for name, kind in zip(
        SIDES, (pl.Date, pl.String, pl.Float64, pl.Boolean), strict=True) for side in ("before", "after")},
}  # fmt: skip


def write_snapshots(
    connection: duckdb.DuckDBPyConnection,
    folder: DataFolder,
    contracts: Mapping[str, Contract],
    as_of: datetime,
    narrator: Narrator,
) -> int:
    """Fill kpi.snapshot_weeks, kpi_snapshots, kpi_restatements and restatement_rows of an open build.

    Raw is attached as `raw`. A week that is damaged is told and left out: nobody should read altered figures. Returns
    the number of restated figures.
    """
    weeks = intact_weeks(folder, narrator)
    write_table(connection, "kpi.snapshot_weeks", described(weeks))
    snapshots = reported(connection, weeks)
    write_table(connection, "kpi.kpi_snapshots", snapshots.sort("week", "kpi", "grain", "dimension", "member"))
    values = connection.sql("select * from kpi.kpi_values").pl()
    figures = restated(snapshots, values)
    rows = causes_of(connection, contracts, as_of, weeks, figures)
    explained = with_found_by(split(figures, rows.filter(pl.col("found_by") == "records")), rows)
    columns = connection.sql("select name as kpi, records_value_column as amount_column from kpi.catalogue").pl()
    explained = explained.join(columns, on="kpi", how="left")
    write_table(connection, "kpi.kpi_restatements", explained.sort("week", *FIGURE))
    write_table(connection, "kpi.restatement_rows", shown(rows))
    if figures.height:
        narrator.say(f"Restated since they were frozen: {figures.height} figures of {figures['kpi'].n_unique()} KPIs.")
    return figures.height


def intact_weeks(folder: DataFolder, narrator: Narrator) -> list[FrozenWeek]:
    """The frozen weeks that are what they were."""
    intact = []
    for one in frozen_weeks(folder):
        damage = damage_of(one)
        for found in damage:
            narrator.warn(f"  ! Frozen week {found.week}, {found.file}: {found.message}. It is not published.")
        if not damage:
            intact.append(one)
    return intact


def described(weeks: Sequence[FrozenWeek]) -> pl.DataFrame:
    """One row a frozen week, from its manifest."""
    instants = ("frozen_at", "as_of", "known_until")
    records: list[dict[str, Any]] = [
        {
            **{name: one.manifest.get(name) for name in WEEKS},
            **{name: datetime.fromisoformat(str(one.manifest[name])) for name in instants},
            "week_start": one.week.start,
            "week_end": one.week.end,
            "manifest_sha256": one.manifest_sha256,
        }
        for one in weeks
    ]
    return pl.DataFrame(records, schema=WEEKS)


def reported(connection: duckdb.DuckDBPyConnection, weeks: Sequence[FrozenWeek]) -> pl.DataFrame:
    """All frozen values, each with its week and the hash of its KPI's components."""
    nobody = {"first": date.max, "last": date.min}
    frames = [connection.sql(VALUES, params=nobody).pl().with_columns(_text("week"), _text("data_hash"))]
    for one in weeks:
        hashes = one.table("catalogue").select("data_hash", kpi="name")
        values = one.table("values").with_columns(week=pl.lit(one.path.name))
        frames.append(values.join(hashes, on="kpi", how="left"))
    return pl.concat(frames, how="diagonal_relaxed")


def _text(name: str) -> pl.Expr:
    return pl.lit(None, pl.String).alias(name)


def causes_of(
    connection: duckdb.DuckDBPyConnection,
    contracts: Mapping[str, Contract],
    as_of: datetime,
    weeks: Sequence[FrozenWeek],
    figures: pl.DataFrame,
) -> pl.DataFrame:
    """The rows that changed behind the restated figures, of every KPI and week.

    Where no record of the KPI changed (its value rests on other rows too, as that of a stock at a date does), the rows
    of its exports that changed since are given instead: `found_by` is then `sources`.
    """
    finder = RecordFinder(connection, contracts, as_of)
    catalogue = {row["name"]: row for row in connection.sql("select * from kpi.catalogue").pl().iter_rows(named=True)}
    by_name = {one.path.name: one for one in weeks}
    frozen = {name: one.table("records") for name, one in by_name.items()}
    keys: dict[str, pl.DataFrame] = {}
    found = [pl.DataFrame(schema=ROWS)]
    groups = figures.group_by("kpi", "week", maintain_order=True).agg(
        pl.min("period_start"), pl.max("period_end"), pl.any("is_definition_changed")
    )
    today: dict[str, pl.DataFrame] = {}
    for kpi, week, first, last, is_definition_changed in groups.sort("kpi", "week").iter_rows():
        if kpi not in catalogue:
            continue
        if kpi not in today:
            today = {kpi: finder.records(catalogue[kpi])}
        known_until = datetime.fromisoformat(str(by_name[week].manifest["known_until"]))
        before = frozen[week].filter((pl.col("kpi") == kpi) & pl.col("date").is_between(first, last))
        of_week = today[kpi].filter(
            pl.col("date").is_between(first, last) | pl.col("row_key").is_in(before["row_key"].implode())
        )
        sources = {*before["source"].unique(), *of_week["source"].unique()} & set(contracts)
        for source in sources - set(keys):
            keys[source] = finder.keys(source)
        rows = pl.DataFrame(schema=ROWS)
        if sources:
            pairs = paired(before, of_week, pl.concat([keys[source] for source in sorted(sources)])).with_columns(
                known_until=pl.lit(known_until, pl.Datetime("us")), is_definition_changed=is_definition_changed
            )
            rows = with_causes(pairs).with_columns(kpi=pl.lit(kpi), week=pl.lit(week), found_by=pl.lit("records"))
            rows = rows.select(pl.col(name).cast(kind) for name, kind in ROWS.items())
        if rows.is_empty():
            rows = of_sources(finder, catalogue[kpi], week, known_until)
        found.append(rows)
    return pl.concat(found)


def paired(before: pl.DataFrame, after: pl.DataFrame, keys: pl.DataFrame) -> pl.DataFrame:
    """Records as frozen beside the same records of today, by the key of their row in the export."""
    identity = ["source", "row_key", "part"]
    known = ["file_name", "line", "key"]
    was, is_now = (
        frame.select(
            *identity,
            *(pl.col(name).alias(f"{name}_{side}") for name in (*known, *SIDES)),
            pl.lit(value=True).alias(f"is_{side}"),
        )
        for side, frame in (("before", before), ("after", after))
    )
    both = was.join(is_now, on=identity, how="full", coalesce=True)
    return both.with_columns(
        *(pl.coalesce(f"{name}_after", f"{name}_before").alias(name) for name in known),
        *(pl.col(f"is_{side}").fill_null(value=False) for side in ("before", "after")),
        *(pl.col(f"counts_{side}").fill_null(value=False) for side in ("before", "after")),
    ).join(keys, on=["source", "row_key"], how="left")


def of_sources(finder: RecordFinder, kpi: Mapping[str, Any], week: str, known_until: datetime) -> pl.DataFrame:
    """The rows of a KPI's exports that changed after a moment, without saying what each meant to the figure."""
    frames = [pl.DataFrame(schema=ROWS)]
    for source in kpi["sources"]:
        changed = finder.changed_rows(source, known_until)
        nothing = {f"{name}_{side}": pl.lit(None) for name in SIDES for side in ("before", "after")}
        pairs = changed.with_columns(
            known_until=pl.lit(known_until, pl.Datetime("us")),
            is_definition_changed=pl.lit(value=False),
            is_before=pl.col("first_known") <= known_until,
            is_after=pl.col("is_current"),
            **nothing,
        )
        rows = with_causes(pairs).with_columns(kpi=pl.lit(kpi["name"]), week=pl.lit(week), found_by=pl.lit("sources"))
        frames.append(rows.select(pl.col(name).cast(kind) for name, kind in ROWS.items()))
    return pl.concat(frames)


def with_found_by(figures: pl.DataFrame, rows: pl.DataFrame) -> pl.DataFrame:
    """Each figure with how it is explained: by its records, by rows of its exports, by its definition, or not at all."""
    by_source = (
        rows.filter(pl.col("found_by") == "sources")
        .group_by("kpi", "week")
        .agg(pl.col("cause").eq(cause).sum().cast(pl.Int64).alias(f"sources_{cause}") for cause in CAUSES)
    )
    joined = figures.join(by_source, on=["kpi", "week"], how="left")
    has_records = pl.sum_horizontal(f"rows_{cause}" for cause in CAUSES) > 0
    has_sources = pl.sum_horizontal(f"sources_{cause}" for cause in CAUSES) > 0
    return joined.with_columns(
        explained_by=pl.when(has_records)
        .then(pl.lit("records"))
        .when(has_sources)
        .then(pl.lit("sources"))
        .when(pl.col("is_definition_changed"))
        .then(pl.lit("definition"))
        .otherwise(pl.lit("nothing")),
        **{
            f"rows_{cause}": pl.when(~has_records)
            .then(pl.coalesce(f"sources_{cause}", f"rows_{cause}"))
            .otherwise(pl.col(f"rows_{cause}"))
            for cause in CAUSES
        },
    ).drop(f"sources_{cause}" for cause in CAUSES)


def shown(rows: pl.DataFrame) -> pl.DataFrame:
    """The rows that are published, the weightiest first, and no more than `ROWS_SHOWN` of each KPI and week."""
    weight = (pl.col("amount_after").fill_null(0.0) - pl.col("amount_before").fill_null(0.0)).abs()
    counts = pl.col("counts_before").fill_null(value=False) | pl.col("counts_after").fill_null(value=False)
    ordered = rows.sort(
        "kpi", "week", ~pl.col("changes_record"), ~counts, -weight, "source", "file_name", "line", maintain_order=True
    )
    return ordered.filter(pl.int_range(pl.len()).over("kpi", "week") < ROWS_SHOWN)
