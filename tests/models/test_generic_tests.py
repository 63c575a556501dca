"""Every generic test of macros/generic_tests lets good rows pass and finds the bad ones."""

from __future__ import annotations

from pathlib import Path

import duckdb
import jinja2
import pytest

ROOT = Path(__file__).resolve().parents[2]
# Stands in for the one macro of ours that these tests call.
TODAY = "cast('2026-06-30' as date)"
SHARE = {"numerator": "a", "denominator": "b"}
THERE = "(values (1, 5), (2, 6)) as there (a, b)"


def failures(name: str, rows: str, **arguments: object) -> int:
    """Number of rows that generic test `name` returns for the rows of an SQL query."""
    source = (ROOT / "macros" / "generic_tests" / "tests.sql").read_text(encoding="utf-8")
    source = source.replace("{% test ", "{% macro ").replace("{% endtest %}", "{% endmacro %}")
    environment = jinja2.Environment(autoescape=False)  # noqa: S701  SQL, not HTML
    environment.globals["as_of_date"] = lambda: TODAY
    template = environment.from_string(source)
    query = getattr(template.module, name)(f"({rows})", **arguments)
    with duckdb.connect() as connection:
        return len(connection.execute(query).fetchall())


@pytest.mark.parametrize(
    ("name", "arguments", "good", "bad"),
    [
        ("unique_combination", {"columns": ["a", "b"]}, "(1, 1), (1, 2)", "(1, 1), (1, 1)"),
        ("no_nulls", {"columns": ["a", "b"]}, "(1, 1), (0, 0)", "(1, null)"),
        ("numerator_not_above_denominator", SHARE, "(0, 0), (2, 2)", "(3, 2)"),
        ("numerator_not_above_denominator", SHARE, "(1, 2)", "(-1, 2)"),
        ("numerator_not_above_denominator", SHARE, "(1, 2)", "(1, null)"),
        ("not_future", {"column_name": "a"}, "(date '2026-06-30', 1), (null, 1)", "(date '2026-07-01', 1)"),
        ("within", {"column_name": "a", "lowest": 0}, "(0, 1), (null, 1)", "(-1, 1)"),
        ("within", {"column_name": "a", "highest": 1}, "(1, 1)", "(2, 1)"),
        ("holds", {"condition": "a >= b"}, "(2, 1), (null, 1)", "(1, 2)"),
        ("conserved_rows", {"to": THERE, "measure": "b"}, "(9, 11), (9, 0)", "(1, 5), (2, 7)"),
        ("conserved_rows", {"to": THERE}, "(9, 1), (9, 0)", "(1, 11)"),
    ],
)
def test_generic_test_tells_good_from_bad(name: str, arguments: dict[str, object], good: str, bad: str) -> None:
    shape = "select * from (values {}) as given (a, b)"
    assert failures(name, shape.format(good), **arguments) == 0
    assert failures(name, shape.format(bad), **arguments) == 1


@pytest.mark.parametrize(
    ("entry_age", "exit_age", "is_finished", "cases", "expected"),
    [(0, 0, "true", 1, 0), (0, 5, "false", 2, 0), (-1, 5, "true", 1, 1), (6, 5, "true", 1, 1), (0, 5, "true", 0, 1),
     (0, 5, "null", 1, 1)],
)  # fmt: skip
def test_coherent_ages(entry_age: int, exit_age: int, is_finished: str, cases: int, expected: int) -> None:
    rows = (
        f"select {entry_age} as entry_age, {exit_age} as exit_age, "
        f"cast({is_finished} as boolean) as is_finished, {cases} as cases"
    )
    assert failures("coherent_ages", rows) == expected
