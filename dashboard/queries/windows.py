"""How far back a chart looks, by the period that the reader chose, and how its query is asked.

A query of an area page is governed text with named parameters; what it may name stands in `parameters`. It stands in
a dictionary QUERIES of a module of this folder, and is small in what it answers, not in what it reads: on large tables
publishing asks it beforehand, for every unit and grain, and keeps the answers in `meta.page_answers`.
"""

from __future__ import annotations

import hashlib
import io
import re
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from typing import Any, cast

import polars as pl

from dashboard.published import Publication
from dashboard.queries.publication import stamp
from dashboard.queries.schema import has_table
from kpis import periods

RECENT = {"week": (13, "week"), "month": (12, "month"), "quarter": (24, "month")}
COLUMNS = {"week": 13, "month": 13, "quarter": 9}  # periods in a chart over time, the running one included
# Every query is governed text; the unit is bound, 'all' meaning every one.
UNIT = "($unit = 'all' or f.business_unit = $unit)"
SOURCE = (
    "(select min(m.file_name) from meta.files as m where m.file_id = f.source_file_id) as source_file, f.source_line"
)


@dataclass(frozen=True, slots=True)
class Window:
    """The days that a page's charts look at.

    `since` is the last day *before* the recent ones; `first` begins the oldest period of a chart over time; `start` to
    `end` is the last complete period, as in the scorecard.
    """

    grain: str
    as_of: date
    since: date
    first: date
    start: date
    end: date

    @property
    def starts(self) -> list[date]:
        """First days of the periods of a chart over time, oldest first."""
        return periods.period_starts(self.first, self.as_of, self.grain).to_list()

    @property
    def is_running(self) -> bool:
        """Whether the newest of those periods is not over yet."""
        return self.end < self.as_of


@lru_cache(maxsize=16)
def window(publication: Publication, grain: str) -> Window:
    """The window of a publication for a grain. Raises KeyError for an unknown grain."""
    return window_of(stamp(publication).as_of, grain)


def window_of(as_of: date, grain: str) -> Window:
    """The window that ends on a day. Raises KeyError for an unknown grain."""
    count, step = RECENT[grain]
    running = periods.period_start(as_of, grain)
    is_over = periods.period_end(as_of, grain) == as_of
    start = running if is_over else periods.previous(running, grain)
    return Window(
        grain=grain,
        as_of=as_of,
        since=_before(as_of, count, step),
        first=periods.previous(running, grain, COLUMNS[grain] - 1),
        start=start,
        end=cast(date, periods.period_end(start, grain)),
    )


def _before(day: date, count: int, step: str) -> date:
    """The day `count` weeks or months before; the last of its month where that month is shorter."""
    offset = f"-{count}w" if step == "week" else f"-{count}mo"
    return pl.Series([day]).dt.offset_by(offset).item()


def question(sql: str) -> str:
    """The name under which the answers of a query are kept: another text is another question."""
    return hashlib.sha256(" ".join(sql.split()).encode()).hexdigest()[:16]


def names_in(sql: str) -> set[str]:
    """The parameters that a query names."""
    return set(re.findall(r"\$([a-z_]+)", sql))


def kept_grain(sql: str, grain: str) -> str:
    """The grain under which an answer is kept: empty for a query that looks no way back."""
    return grain if names_in(sql) - {"unit", "as_of"} else ""


def parameters(sql: str, unit: str, days: Window) -> dict[str, Any]:
    """The parameters of a query: it may name $unit, $grain, $as_of, $since, $first, $start and $end."""
    known: dict[str, Any] = {
        "unit": unit, "grain": days.grain, "as_of": days.as_of, "since": days.since, "first": days.first,
        "start": days.start, "end": days.end,
    }  # fmt: skip
    return {name: known[name] for name in names_in(sql)}


@lru_cache(maxsize=2)
def _kept(publication: Publication) -> dict[tuple[str, str, str], bytes]:
    """The answers that publishing has kept: question, unit, grain → a frame as Arrow."""
    if not has_table(publication, "meta", "page_answers"):
        return {}  # a publication of before
    rows = publication.fetch("select question, unit, grain, answer from meta.page_answers").iter_rows()
    return {(asked, unit, grain): answer for asked, unit, grain, answer in rows}


@lru_cache(maxsize=512)
def ask(publication: Publication, sql: str, unit: str, grain: str) -> pl.DataFrame:
    """The rows of a query; as kept by publishing where it has been asked then."""
    kept = _kept(publication).get((question(sql), unit, kept_grain(sql, grain)))
    if kept is not None:
        return pl.read_ipc(io.BytesIO(kept))
    return publication.fetch(sql, parameters(sql, unit, window(publication, grain)))


@lru_cache(maxsize=512)
def is_known(publication: Publication, mart: str, unit: str) -> bool:
    """Whether a mart (a name of this code, never of a reader) holds any row of a unit."""
    return not ask(
        publication, f"select 1 as known from marts.{mart} as f where {UNIT} limit 1", unit, "week"
    ).is_empty()
