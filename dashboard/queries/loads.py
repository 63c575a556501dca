"""What was loaded, what was quarantined, what is fresh, which tests ran: for the data page."""

from __future__ import annotations

from functools import lru_cache

import polars as pl

from dashboard.published import Publication
from dashboard.queries.definitions import COLUMN_SUFFIX


@lru_cache(maxsize=8)
def sources(publication: Publication, language: str) -> pl.DataFrame:
    """A row an export: label, state, last load, rows known, and what its files held in all."""
    label = f"label_{COLUMN_SUFFIX[language]}"
    return publication.fetch(
        f"""
        select s.{label} as label, s.state, s.last_loaded_at, s.rows,
            cast(coalesce(sum(f.rows_read), 0) as bigint) as rows_read,
            cast(coalesce(sum(f.rows_loaded), 0) as bigint) as rows_loaded,
            cast(coalesce(sum(f.rows_unchanged), 0) as bigint) as rows_unchanged,
            cast(coalesce(sum(f.rows_quarantined), 0) as bigint) as rows_quarantined,
            cast(coalesce(sum(f.rows_left_out), 0) as bigint) as rows_left_out,
            cast(floor(s.days_since) as bigint) as days_since, cast(s.warn_after_days as bigint) as warn_after_days,
            any_value(f.control_column) as control_column,
            cast(sum(f.control_read) as double) as control_read,
            cast(case when count(f.control_column) > 0 then sum(
                coalesce(f.control_loaded, 0) + coalesce(f.control_unchanged, 0) + coalesce(f.control_quarantined, 0)
                    + coalesce(f.control_left_out, 0)
            ) end as double) as control_accounted,
            s.source || '.' || s.table_name as contract
        from meta.source_freshness as s
        left join meta.files as f on f.source = s.source and f.table_name = s.table_name
        group by all
        order by contract
        """
    )


@lru_cache(maxsize=4)
def files(publication: Publication) -> pl.DataFrame:
    """A row a file and table, the latest first, with counts and control totals; at most 500."""
    return publication.fetch(
        """
        select knowledge_at, file_name, state, table_name, rows_read, rows_loaded, rows_versioned, rows_unchanged,
            rows_quarantined, rows_left_out, rows_closed, control_column, cast(control_read as double) as control_read,
            case when control_column is not null then
                cast(coalesce(control_loaded, 0) + coalesce(control_unchanged, 0) + coalesce(control_quarantined, 0)
                    + coalesce(control_left_out, 0) as double)
            end as control_accounted,
            message
        from meta.files
        order by knowledge_at desc, file_id desc
        limit 500
        """
    )


@lru_cache(maxsize=4)
def quarantine(publication: Publication, limit: int) -> pl.DataFrame:
    """A row a problem, the latest first: file, line, column, value, reason, remedy."""
    return publication.fetch(
        """
        select file_name, line, source || '.' || table_name as contract, column_name, value, reason, remedy
        from meta.quarantine
        order by loaded_at desc, file_name, line
        limit ?
        """,
        (limit,),
    )


@lru_cache(maxsize=4)
def quarantined_rows(publication: Publication) -> int:
    """How many rows were held back in all."""
    sql = "select count(*) from (select distinct file_id, table_name, line from meta.quarantine)"
    return int(publication.fetch(sql).item())


@lru_cache(maxsize=4)
def quarantined_files(publication: Publication) -> pl.DataFrame:
    """A row a file with rows in quarantine, the latest first: file_id, file_name, rows; at most 200."""
    return publication.fetch(
        """
        select file_id, any_value(file_name) as file_name, count(distinct (table_name, line)) as rows
        from meta.quarantine
        group by file_id
        order by file_id desc
        limit 200
        """
    )


@lru_cache(maxsize=4)
def tests(publication: Publication) -> pl.DataFrame:
    """A row a data test, those that did not pass first."""
    return publication.fetch(
        """
        select status, severity, test, model, failures, message, coalesce(kpis, []) as kpis
        from meta.test_results
        order by status = 'pass', severity, test
        """
    )
