"""The records behind each KPI, by the row of the export that each was read from: frozen, and asked again later.

They are kept with the week, and not reckoned later from raw alone: what a row meant to a KPI (its date, unit, amount,
whether it counts) is the outcome of models that may change, while raw knows which versions of the row were known when.
Both together tell why a figure is another. A KPI whose records name no row of an export (headcount by day) has none.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date, datetime
from typing import Any

import duckdb
import polars as pl

from ingestion.contracts import Contract

RECORDS = {
    "kpi": pl.String,
    "source": pl.String,
    "row_key": pl.UInt64,
    "part": pl.String,
    "file_name": pl.String,
    "line": pl.Int64,
    "key": pl.String,
    "unit": pl.String,
    "date": pl.Date,
    "amount": pl.Float64,
    "counts": pl.Boolean,
}


class RecordFinder:
    """Asks an open published file or build, to which raw is attached as `raw`, as of one moment."""

    def __init__(
        self, connection: duckdb.DuckDBPyConnection, contracts: Mapping[str, Contract], as_of: datetime
    ) -> None:
        self.connection, self.contracts, self.as_of = connection, contracts, as_of
        self._sources: dict[str, str | None] = {}
        self._prepared: set[str] = set()
        self._columns: dict[str, set[str]] = {}

    def records(self, kpi: Mapping[str, Any], first: date | None = None, last: date | None = None) -> pl.DataFrame:
        """The records of one KPI (a row of kpi.catalogue), of some days or of all."""
        model = kpi["records_model"]
        source = self.source_of(model, kpi["sources"])
        if source is None:
            return pl.DataFrame(schema=RECORDS)
        day = f'cast(fact."{kpi["records_date_column"]}" as date)'
        value = f'cast(fact."{kpi["records_value_column"]}" as double)' if kpi["records_value_column"] else "null"
        unit = "fact.business_unit" if "business_unit" in self._columns[model] else "null"
        # Facts of a day a row (a key result, day by day) share the row of the export: the day tells them apart.
        query = f"""
            select
                $kpi as kpi, $source as source, identity.identity_key as row_key,
                case when count(*) over (partition by identity.identity_key) > 1 then concat({day}, ' ') else '' end
                    || row_number() over (partition by identity.identity_key, {day} order by {value}) as part,
                identity.identity_file as file_name, identity.identity_line as line, identity.identity_text as key,
                cast({unit} as varchar) as unit, {day} as date, cast({value} as double) as amount,
                coalesce(({kpi["records_where"] or "true"}), false) as counts
            from marts."{model}" as fact
            inner join "identity_{source}" as identity
                on identity.identity_file_id = fact.source_file_id and identity.identity_line = fact.source_line
            where {day} is not null and {day} between $first and $last
        """  # noqa: S608 (names of a checked catalogue and of checked contracts)
        parameters = {
            "kpi": kpi["name"],
            "source": source,
            "first": first or date(1900, 1, 1),
            "last": last or date(2999, 12, 31),
        }
        return self.connection.sql(query, params=parameters).pl().cast(RECORDS)  # type: ignore[arg-type]

    def source_of(self, model: str | None, sources: Iterable[str]) -> str | None:
        """The export whose rows the records of a model are: the one that knows most of their files and lines."""
        if model is None:
            return None
        if model not in self._sources:
            described = self.connection.execute(
                "select column_name from duckdb_columns() where schema_name = 'marts' and table_name = $model "
                "and database_name = current_database()",
                {"model": model},
            ).fetchall()
            self._columns[model] = {name for (name,) in described}
            found = (
                max(((self._known(model, one), one) for one in sorted(sources)), default=(0, None))
                if {"source_file_id", "source_line"} <= self._columns[model]
                else (0, None)
            )
            self._sources[model] = found[1] if found[0] else None
        source = self._sources[model]
        if source is not None:
            self._prepare(source)
        return source

    def keys(self, source: str) -> pl.DataFrame:
        """Every row of an export by its key: since when it is known, when it last changed, whether it still is there."""
        query = f"""
            select
                $source as source, _row_key as row_key, min(_valid_from) as first_known,
                max(case when _valid_to <= $as_of then _valid_to else _valid_from end) as changed_at,
                bool_or(_valid_to is null or _valid_to > $as_of) as is_current
            from raw.{_table(source)}
            where _valid_from <= $as_of
            group by _row_key
        """  # noqa: S608 (names of checked contracts)
        return self.connection.sql(query, params={"source": source, "as_of": self.as_of}).pl()

    def changed_rows(self, source: str, known_until: datetime) -> pl.DataFrame:
        """The rows of an export of which a version began or ended after a moment: the latest version of each."""
        key = self._key_text(source)
        query = f"""
            select
                $source as source, _row_key as row_key, arg_max({key}, _valid_from) as key,
                arg_max(files.file_name, _valid_from) as file_name, arg_max(_line, _valid_from) as line,
                min(_valid_from) as first_known,
                max(case when _valid_to <= $as_of then _valid_to else _valid_from end) as changed_at,
                bool_or(_valid_to is null or _valid_to > $as_of) as is_current
            from raw.{_table(source)} as version
            left join raw.load.files as files on files.file_id = version._file_id
            where _valid_from <= $as_of
            group by _row_key
            having max(case when _valid_to <= $as_of then _valid_to else _valid_from end) > $known_until
        """  # noqa: S608 (names of checked contracts)
        parameters = {"source": source, "as_of": self.as_of, "known_until": known_until}
        return self.connection.sql(query, params=parameters).pl()

    def _known(self, model: str, source: str) -> int:
        query = f"""
            select count(*)
            from (select distinct source_file_id, source_line from marts."{model}") as fact
            semi join raw.{_table(source)} as version
                on version._file_id = fact.source_file_id and version._line = fact.source_line
        """  # noqa: S608 (names of a checked catalogue and of checked contracts)
        return int(self.connection.execute(query).fetchall()[0][0])

    def _prepare(self, source: str) -> None:
        if source in self._prepared:
            return
        self.connection.execute(
            f"""
            create or replace temp table "identity_{source}" as
            select
                version._file_id as identity_file_id, version._line as identity_line,
                any_value(version._row_key) as identity_key, any_value({self._key_text(source)}) as identity_text,
                any_value(files.file_name) as identity_file
            from raw.{_table(source)} as version
            left join raw.load.files as files on files.file_id = version._file_id
            where version._valid_from <= $as_of
            group by version._file_id, version._line
            """,  # noqa: S608 (names of checked contracts)
            {"as_of": self.as_of},
        )
        self._prepared.add(source)

    def _key_text(self, source: str) -> str:
        """The key as people read it; what is personal in it stays in raw."""
        contract = self.contracts[source]
        personal = {column.name for column in contract.columns if column.personal != "none"}
        shown = [f"coalesce(cast(version.\"{name}\" as varchar), '')" if name not in personal else "'…'"
                 for name in contract.key]  # fmt: skip
        return f"concat_ws(' · ', {', '.join(shown)})"


def _table(source: str) -> str:
    schema, table = source.split(".")
    return f'"{schema}"."{table}"'
