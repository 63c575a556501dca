"""A frozen week as it was reported: the immutable files of `snapshots/<week>`."""

from __future__ import annotations

import json
from dataclasses import dataclass, replace
from datetime import date, datetime
from pathlib import Path
from typing import Any

import polars as pl

from dashboard.formats import local_day
from dashboard.published import Publication
from dashboard.queries.definitions import Definition, from_catalogue
from dashboard.queries.publication import Stamp
from dashboard.queries.values import FLOATS, Point
from dashboard.queries.weeks import signal_lengths
from dashboard.reports.weeks import PATTERN, week_name, week_start


@dataclass(frozen=True)
class FrozenWeek:
    """What was kept of a week: points of the company and its units, definitions, what the manifest says, and the exports
    that were overdue then (None where that was not kept).
    """

    points: tuple[Point, ...]
    catalogue: tuple[dict[str, Any], ...]
    manifest: dict[str, Any]
    overdue: tuple[dict[str, Any], ...] | None = None

    @property
    def frozen_at(self) -> datetime:
        """When it was frozen (naive UTC)."""
        return datetime.fromisoformat(self.manifest["frozen_at"])

    @property
    def is_provisional(self) -> bool:
        """Whether a source had not reached the end of the week when it was frozen."""
        return bool(self.manifest.get("is_provisional"))

    @property
    def is_late(self) -> bool:
        """Whether it was missed, and frozen afterwards as of its own date."""
        return bool(self.manifest.get("is_late"))

    def definitions(self, language: str) -> dict[str, Definition]:
        """The definitions in force then."""
        return from_catalogue(self.catalogue, language)

    def stamp(self, current: Stamp) -> Stamp:
        """The stamp of the publication that the week was frozen from."""
        as_of = datetime.fromisoformat(self.manifest["as_of"])
        return replace(
            current,
            publication_id=str(self.manifest["publication_id"]),
            as_of=local_day(as_of),
            published_at=self.frozen_at,
            company=self.manifest.get("company") or current.company,
        )


def weeks_on_disk(data: Path) -> list[str]:
    """Names of the weeks whose files lie in the data folder, whatever their state, the latest first."""
    found = (path.name for path in (data / "snapshots").glob("*-W*") if PATTERN.fullmatch(path.name))
    return sorted(found, reverse=True)


def files_of_weeks(data: Path) -> tuple[tuple[str, int, int], ...]:
    """Name, size and time of change of every file of the frozen weeks: by these a check of them is remembered."""
    folder = data / "snapshots"
    found = ((path, path.stat()) for path in sorted(folder.glob("[!.]*/[!.]*")))
    return tuple((str(path.relative_to(folder)), stat.st_size, stat.st_mtime_ns) for path, stat in found)


def frozen_week(data: Path, start: date, publication: Publication) -> FrozenWeek | None:
    """The frozen week that begins on `start`; None where it has not been frozen."""
    folder = data / "snapshots" / week_name(start)
    try:
        manifest = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))
    except FileNotFoundError:
        return None
    values = pl.read_parquet(folder / "values.parquet").filter(
        (pl.col("grain") == "week")
        & (pl.col("period_start").cast(pl.Date) == week_start(week_name(start)))
        & pl.col("dimension").is_in(["total", "business_unit"])
    )
    if "weeks_in_signal" not in values.columns:
        # Weeks frozen before this was kept: told as known now.
        lengths = signal_lengths(publication, start)
        keys = ["kpi", "dimension", "member"]
        values = values.join(lengths, on=keys, how="left", maintain_order="left")
    # What was not kept yet when a week was frozen is not known of it.
    absent = [pl.lit(None).alias(name) for name in Point.__slots__ if name not in values.columns]
    frame = values.with_columns(absent).select(Point.__slots__).cast(dict.fromkeys(FLOATS, pl.Float64))  # pyright: ignore[reportArgumentType]
    catalogue = pl.read_parquet(folder / "catalogue.parquet").to_dicts()
    points = tuple(Point(*row) for row in frame.iter_rows())
    return FrozenWeek(points, tuple(catalogue), manifest, _overdue(folder / "sources.parquet"))


def _overdue(path: Path) -> tuple[dict[str, Any], ...] | None:
    if not path.exists():
        return None
    stale = pl.read_parquet(path).filter(pl.col("state") == "stale")
    return tuple(stale.sort(-pl.col("days_since"), "source", "table_name").to_dicts())
