"""Dated targets: what is in force when and where, and what is refused with file and line."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import polars as pl
import pytest

from kpis.targets import TARGET_COLUMNS, TargetsError, merged_targets, read_targets, with_targets
from tests.kpis.definitions import kpi

HEADER = "kpi,business_unit,valid_from,valid_to,value,tolerance\n"
CATALOGUE = {
    one.name: one
    for one in (
        kpi("share", name="paid_late", unit="percent"),
        kpi("ratio", name="roi", unit="percent"),
        kpi("duration", name="days_to_pay", unit="days", bounds=(0.0, None)),
        kpi("amount", name="amount_paid", unit="brl"),
    )
}


def read(tmp_path: Path, rows: str, header: str = HEADER, units: set[str] | None = None) -> pl.DataFrame:
    path = tmp_path / "kpi_targets.csv"
    path.write_text(header + rows, encoding="utf-8")
    return read_targets(path, "kpi_targets.csv", CATALOGUE, units)


def value(kpi_name: str, day: str, dimension: str = "total", member: str = "total") -> dict:
    return {"kpi": kpi_name, "period_end": dt.date.fromisoformat(day), "dimension": dimension, "member": member}


def test_the_target_in_force_on_the_last_day_binds(tmp_path: Path) -> None:
    targets = read(
        tmp_path,
        "paid_late,,,2025-06-30,0.10,0.02\npaid_late,,2025-07-01,,0.08,0.01\n"
        "paid_late,SUL,2025-07-01,2025-12-31,0.12,\ndays_to_pay,,2026-01-01,2026-12-31,30,2\n",
    )
    cases = [
        (value("paid_late", "2025-06-30"), 0.10, 0.02),
        (value("paid_late", "2025-07-06"), 0.08, 0.01),
        (value("paid_late", "2025-08-31", "business_unit", "SUL"), 0.12, 0.0),
        (value("paid_late", "2025-08-31", "business_unit", "MTZ"), 0.08, 0.01),
        (value("paid_late", "2025-08-31", "category", "SUL"), 0.08, 0.01),
        (value("paid_late", "2026-01-31", "business_unit", "SUL"), 0.08, 0.01),
        (value("days_to_pay", "2025-12-31"), None, None),
        (value("days_to_pay", "2026-12-31"), 30.0, 2.0),
        (value("days_to_pay", "2027-01-31"), 30.0, 2.0),
        (value("roi", "2026-01-31"), None, None),
    ]
    found = with_targets(pl.DataFrame([row for row, _, _ in cases]), targets, dt.date(2026, 12, 15))
    assert found["target"].to_list() == [expected for _, expected, _ in cases]
    assert found["target_tolerance"].to_list() == [tolerance for _, _, tolerance in cases]
    later = with_targets(pl.DataFrame([value("days_to_pay", "2027-01-31")]), targets, dt.date(2027, 1, 10))
    assert later["target"].to_list() == [None], "no longer in force"


def test_semicolons_decimal_commas_and_brazilian_dates_are_read(tmp_path: Path) -> None:
    found = read(tmp_path, "paid_late;SUL;01/02/2026;;0,08;0,01\n", HEADER.replace(",", ";"), {"SUL"})
    assert found.drop("source").row(0) == ("paid_late", "SUL", dt.date(2026, 2, 1), None, 0.08, 0.01)
    assert found["source"].item() == "kpi_targets.csv, line 2"


def test_a_spreadsheet_s_own_encoding_is_read(tmp_path: Path) -> None:
    path = tmp_path / "kpi_targets.csv"
    path.write_bytes((HEADER + "paid_late,São Luís,,,0.1,\n").encode("cp1252"))
    assert read_targets(path, path.name, CATALOGUE, {"São Luís"})["business_unit"].to_list() == ["São Luís"]


@pytest.mark.parametrize(
    ("rows", "line", "message"),
    [
        ("paid_lat,,,,0.1,\n", 2, 'there is no KPI "paid_lat"'),
        ("\npaid_late,XX,,,0.1,\n", 3, 'there is no business unit "XX"'),
        ("paid_late,,,,95,\n", 2, "value 95 is no fraction, but paid_late is a percentage. Write 0.95 for 95 %."),
        ("roi,,,,15,\n", 2, "value 15 is no fraction"),
        ("days_to_pay,,,,-3,\n", 2, "value -3 lies outside the bounds of days_to_pay (days)"),
        ("days_to_pay,,,,soon,\n", 2, 'value "soon" is not a number'),
        ("days_to_pay,,,,,\n", 2, "the value is empty"),
        ("days_to_pay,,,,30,-1\n", 2, "tolerance -1 is negative"),
        ("days_to_pay,,32/01/2026,,30,\n", 2, 'valid_from "32/01/2026" is not a date'),
        ("days_to_pay,,2026-02-01,2026-01-01,30,\n", 2, "valid_from 2026-02-01 lies after valid_to 2026-01-01"),
        ("days_to_pay,,,30\n", 2, "4 fields in place of 6"),
        ("amount_paid,,,,1000,\n", 2, "amount_paid is a sum"),
        ("paid_late,,,2026-06-30,0.1,\npaid_late,,2026-06-30,,0.2,\n", 3, "the target of paid_late for all units overlaps that of line 2"),
        ("paid_late,SUL,2026-01-01,,0.1,\nroi,,,,0.1,\npaid_late,SUL,,2026-03-01,0.2,\n", 4, "the target of paid_late in SUL overlaps that of line 2"),
    ],
)  # fmt: skip
def test_what_is_wrong_is_told_with_its_line(tmp_path: Path, rows: str, line: int, message: str) -> None:
    with pytest.raises(TargetsError) as raised:
        read(tmp_path, rows, units={"SUL", "MTZ"})
    assert [problem.line for problem in raised.value.problems] == [line]
    assert str(raised.value).startswith(f"kpi_targets.csv, line {line}: {message}")


def test_the_same_days_in_another_unit_are_no_overlap(tmp_path: Path) -> None:
    assert read(tmp_path, "paid_late,SUL,,,0.1,\npaid_late,MTZ,,,0.1,\npaid_late,,,,0.1,\n").height == 3


def test_wrong_columns_are_refused(tmp_path: Path) -> None:
    with pytest.raises(TargetsError, match="line 1: the columns are kpi, value"):
        read(tmp_path, "paid_late,0.1\n", "kpi,value\n")


def test_a_company_s_own_targets_replace_those_of_the_kpis_that_it_names(tmp_path: Path) -> None:
    standard = read(tmp_path, "paid_late,,,,0.1,\npaid_late,SUL,,,0.2,\nroi,,,,0.15,\n")
    own = read(tmp_path, "paid_late,,,,0.05,\n")
    merged = merged_targets(standard, own).sort("kpi")
    assert merged.select("kpi", "value").rows() == [("paid_late", 0.05), ("roi", 0.15)]
    assert merged.schema == TARGET_COLUMNS
