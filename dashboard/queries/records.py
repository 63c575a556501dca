"""The records behind a point: rows of the model that the catalogue names, with the file and line they came from."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache
from itertools import pairwise

import polars as pl

from dashboard.published import Publication
from dashboard.queries.definitions import Definition


@dataclass(frozen=True)
class RecordQuestion:
    """Which records: a KPI, an inclusive range of dates (None: no bound), and a member of a dimension (None: all).

    `outlook_at` is the day from which a return looks: what was realised up to it, and what was planned after it.
    """

    definition: Definition
    start: date | None
    end: date | None
    dimension: str | None = None
    member: str | None = None
    outlook_at: date | None = None

    @property
    def stands_today(self) -> bool:
        """Whether the records are told by how they stand today, whatever day the figure is of."""
        return self.start is None and self.definition.kind != "cash_flow"


def behind(
    definition: Definition, start: date, end: date, dimension: str | None = None, member: str | None = None
) -> RecordQuestion:
    """The records behind the figure of a period: not always those of its days.

    A level is what stood on the last day, so are the days of a balance counted back; a return takes the cash flows of all
    dates as they looked on the last day, a figure over twelve months theirs.
    """
    first: date | None = start
    last: date | None = end
    outlook_at: date | None = None
    if definition.kind == "level" or definition.measure == "countback":
        first = end if definition.records_date_column == "date_day" else None
    elif definition.kind == "cash_flow":
        first, last, outlook_at = None, None, end
    elif definition.window == "trailing_12_months":
        first = pl.Series([end + timedelta(days=1)]).dt.offset_by("-12mo").item()
    return RecordQuestion(definition, first, last, dimension, member, outlook_at)


@lru_cache(maxsize=64)
def model_columns(publication: Publication, model: str) -> dict[str, str]:
    """Column → type of a model in the marts; empty when it is not published."""
    sql = (
        "select column_name, data_type from information_schema.columns where table_schema = 'marts' and table_name = ?"
    )
    return dict(publication.fetch(sql + " order by ordinal_position", (model,)).iter_rows())


def _quoted(identifier: str) -> str:
    return '"' + identifier.replace('"', '""') + '"'


def _from_where(publication: Publication, question: RecordQuestion) -> tuple[str, list[object]]:
    definition = question.definition
    columns = model_columns(publication, definition.records_model or "")
    conditions, parameters = ["true"], list[object]()
    if definition.records_date_column in columns:
        day = f"cast(f.{_quoted(definition.records_date_column or '')} as date)"
        if question.start is not None:
            conditions.append(f"{day} >= ?")
            parameters.append(question.start)
        if question.end is not None:
            # What has no day stands as long as it is there.
            conditions.append(f"{day} <= ?" if question.start is not None else f"coalesce({day} <= ?, true)")
            parameters.append(question.end)
        if question.outlook_at is not None and "scenario" in columns:
            conditions.append(f"(f.scenario = 'realised') = ({day} <= ?)")
            parameters.append(question.outlook_at)
    if definition.records_where:
        # Governed text from the catalogue, published with the file; never anything that a reader typed.
        conditions.append(f"({definition.records_where})")
    if question.dimension in columns and question.member is not None:
        column = f"f.{_quoted(question.dimension or '')}"
        # A plain comparison is answered while the table is read; what is unknown is empty there.
        is_plain = columns[question.dimension or ""] == "VARCHAR" and question.member != "unknown"
        conditions.append(f"{column} = ?" if is_plain else f"coalesce(cast({column} as varchar), 'unknown') = ?")
        parameters.append(question.member)
    text = f"from marts.{_quoted(definition.records_model or '')} as f where " + " and ".join(conditions)
    return text, parameters


def tells_member(publication: Publication, question: RecordQuestion) -> bool:
    """Whether the records can be told apart by the member that is asked for."""
    columns = model_columns(publication, question.definition.records_model or "")
    return question.member is None or question.dimension in columns


@lru_cache(maxsize=256)
def count(publication: Publication, question: RecordQuestion) -> int:
    """How many records answer; 0 when the model is not published."""
    if not model_columns(publication, question.definition.records_model or ""):
        return 0
    text, parameters = _from_where(publication, question)
    return int(publication.fetch(f"select count(*) {text}", parameters).item())


def page(
    publication: Publication, question: RecordQuestion, limit: int, offset: int, *, is_largest_first: bool = False
) -> pl.DataFrame:
    """One page of records in a fixed order: `source_file` and `source_line`, then the catalogue's columns.

    The order is by date, file and line; `is_largest_first` puts the largest values before that, whatever their sign.
    """
    columns = model_columns(publication, question.definition.records_model or "")
    if not columns:
        return pl.DataFrame()
    wanted = [name for name in question.definition.records_columns if name in columns] or list(columns)[:8]
    wanted = [name for name in wanted if name not in ("source_file_id", "source_line")]
    text, parameters = _from_where(publication, question)
    keys = [question.definition.records_date_column or "", "source_file_id", "source_line"]
    keys = [name for name in keys if name in columns]
    if "source_line" not in columns:
        # Rows without a line of their own are told apart by what is shown of them.
        keys = list(dict.fromkeys([*keys, *wanted]))
    kept = ", ".join(f"f.{_quoted(name)}" for name in dict.fromkeys([*wanted, *keys]))
    shown = ", ".join(_quoted(name) for name in wanted)
    origin = ""
    if "source_file_id" in columns:
        origin = (
            "(select min(m.file_name) from meta.files as m where m.file_id = found.source_file_id) as source_file,"
            " source_line, "
        )
    order = ", ".join(_quoted(name) for name in keys) or "1"
    value = question.definition.records_value_column or ""
    if is_largest_first and has_value(publication, question) and value in (*wanted, *keys):
        order = f"abs({_quoted(value)}) desc nulls last, {order}"
    # The page is cut out first, so that only its rows look for the names of their files.
    sql = f"""
        with found as (select {kept} {text} order by {order} limit ? offset ?)
        select {origin}{shown} from found order by {order}
    """
    return publication.fetch(sql, [*parameters, limit, offset])


@dataclass(frozen=True)
class Extent:
    """How the values of records lie: how many, the middle 98 of 100, the median, and whether all are whole numbers."""

    count: int
    low: float
    high: float
    median: float
    is_whole: bool


@lru_cache(maxsize=64)
def extent(publication: Publication, question: RecordQuestion) -> Extent | None:
    """The extent of the KPI's value column over the records; None without such a column or without values."""
    column = _value_column(publication, question)
    if column is None:
        return None
    text, parameters = _from_where(publication, question)
    sql = f"""
        select count(v), quantile_cont(v, [0.01, 0.99, 0.5]), coalesce(bool_and(v = floor(v)), false)
        from (select cast({column} as double) as v {text})
    """
    # The three quantiles in one list: asked for one by one, the values are gathered and cut three times.
    count, quantiles, is_whole = publication.fetch(sql, parameters).row(0)
    if not count:
        return None
    low, high, median = quantiles
    return Extent(count, low, high, median, is_whole)


@lru_cache(maxsize=64)
def counts(publication: Publication, question: RecordQuestion, edges: tuple[float, ...]) -> list[int]:
    """How many records lie in each interval from an edge up to the next; the outer ones take what lies beyond."""
    column = _value_column(publication, question)
    if column is None or len(edges) < 2:
        return []
    text, parameters = _from_where(publication, question)
    # How many lie from each inner edge on: plain comparisons, twice as fast as a search for each value's place.
    beyond = "".join(f", count(*) filter (where v >= {float(edge)!r})" for edge in edges[1:-1])
    sql = f"select count(v){beyond} from (select cast({column} as double) as v {text})"
    above = (*publication.fetch(sql, parameters).row(0), 0)
    return [more - less for more, less in pairwise(above)]


def has_value(publication: Publication, question: RecordQuestion) -> bool:
    """Whether the records have a value by which they can be put in order."""
    return _value_column(publication, question) is not None


def _value_column(publication: Publication, question: RecordQuestion) -> str | None:
    """The value column, quoted, where the records are published with it as a number."""
    name = question.definition.records_value_column
    kind = model_columns(publication, question.definition.records_model or "").get(name or "", "")
    is_number = kind.startswith(("DECIMAL", "DOUBLE", "FLOAT", "HUGEINT")) or kind.endswith(("INT", "INTEGER"))
    return f"f.{_quoted(name or '')}" if is_number else None
