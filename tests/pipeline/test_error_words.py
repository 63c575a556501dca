"""What is kept of an error never quotes a row: errors as DuckDB, polars and Python really raise them."""

from __future__ import annotations

from pathlib import Path

import duckdb
import polars as pl
import pytest

from office import runs
from office.store import Office
from pipeline.dbt_results import first_lines
from pipeline.error_words import words_of
from pipeline.failures import Failure
from pipeline.run_log import recorded
from pipeline.settings import DataFolder

PEOPLE = "(values ('Ana Souza')) as people (name)"


def raised(sql: str) -> duckdb.Error:
    with pytest.raises(duckdb.Error) as caught:
        duckdb.connect().execute(sql).fetchall()
    return caught.value


@pytest.mark.parametrize(
    ("sql", "kept"),
    [
        (f"select cast(name as integer) from {PEOPLE}", "Conversion Error: … (column name)"),
        (f"select cast(name as date) from {PEOPLE}", "Conversion Error: … (column name)"),
        (f"select strptime(name, '%Y') from {PEOPLE}", "Invalid Input Error: …"),
        (
            "create table people (name text primary key); insert into people values ('Ana Souza'), ('Ana Souza')",
            "Constraint Error: …",
        ),
        ("select 9223372036854775807 + (4711)::bigint", "Out of Range Error: …"),
    ],
)
def test_a_value_that_a_database_quotes_is_cut(sql: str, kept: str) -> None:
    error = raised(sql)
    assert "Ana" in str(error) or "4711" in str(error)
    assert first_lines(str(error)) == kept
    told = f"Runtime Error in model fct_people (models/marts/fct_people.sql)\n  {error}"
    assert first_lines(told) == f"Runtime Error in model fct_people (models/marts/fct_people.sql) {kept}"
    assert words_of(error).startswith(f"{type(error).__name__}: {kept.split('…')[0]}…")
    assert "Ana" not in words_of(error)


def test_what_is_wrong_with_a_statement_is_told_without_the_statement() -> None:
    told = words_of(raised("select 'Ana Souza' as name, salary"))
    assert 'Referenced column "salary"' in told
    assert "Ana" not in told


def test_of_other_errors_the_kind_and_the_place_are_told(tmp_path: Path) -> None:
    with pytest.raises(pl.exceptions.InvalidOperationError) as caught:
        pl.Series(["Ana Souza"]).cast(pl.Int32)
    assert "Ana" in str(caught.value)
    told = words_of(caught.value)
    assert told.startswith("InvalidOperationError in tests/pipeline/test_error_words.py, line ")
    assert words_of(Failure("3 files are missing.")) == "3 files are missing."
    missing = tmp_path / "nothing"
    with pytest.raises(FileNotFoundError) as absent:
        missing.read_text(encoding="utf-8")
    assert str(missing) in words_of(absent.value)


def test_a_run_that_breaks_leaves_no_value_in_the_log(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="Ana"), recorded(DataFolder(tmp_path), "build"):
        raise ValueError("Ana Souza earns 9,000")
    (run,) = runs.listed(Office(tmp_path))
    assert run.message.startswith("ValueError in ")
