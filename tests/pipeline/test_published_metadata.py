"""The published quarantine: what is personal in it stays in raw."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

import duckdb

from ingestion.contracts import load_contracts
from ingestion.load import UNFORESEEN, load_file
from ingestion.raw import open_raw
from pipeline.building import Build
from pipeline.dbt_results import DbtResults
from pipeline.published_metadata import write_metadata
from pipeline.settings import PROJECT_ROOT

MOMENT = datetime(2026, 11, 20, 12)
HEADER = "company;business_unit;employee_id;month;run;gross_pay_brl;charges_brl"


def test_no_personal_value_is_published_with_a_problem(tmp_path: Path) -> None:
    contracts = load_contracts(PROJECT_ROOT)
    lines = [
        "01;MTZ;REG-4711;2026-10;monthly;5.000,00;900,00",
        "01;MTZ;REG-4711;2026-10;monthly;6.000,00;900,00",  # the key again, with another salary
        f"01;MTZ;REG-4712;2026-10;monthly;{'secret ' * 12};900,00",  # longer than a reason shows
        "01;MTZ;REG-4713;october;monthly;5.000,00;900,00",
    ]
    export = tmp_path / "payroll.csv"
    export.write_text("\n".join([HEADER, *lines, ""]), encoding="utf-8")
    raw = open_raw(tmp_path / "raw.duckdb", contracts)
    assert load_file(raw, export, contracts, batch_id="one", knowledge_at=MOMENT).state == "loaded"
    headless = tmp_path / "people.csv"  # no headers: a refusal quotes its first row
    headless.write_text("Ana Souza;9.000,00\nBia Lima;8.000,00\n", encoding="utf-8")
    for table in (None, "people.payroll"):
        refused = load_file(raw, headless, contracts, batch_id="two", knowledge_at=MOMENT, table=table)
        assert (refused.state, "Ana Souza" in refused.message) == ("rejected", True), refused.message
    raw.execute(f"update load.files set message = 'x.csv: {UNFORESEEN} (ValueError: Ana).' where file_id = 3")
    raw.close()
    connection = duckdb.connect()
    connection.execute(f"attach '{tmp_path / 'raw.duckdb'}' as raw (read_only)")
    build = Build(tmp_path / "build.duckdb", MOMENT, MOMENT, MOMENT, DbtResults((), (), (), 0, {}))
    write_metadata(connection, build, contracts, publication_id="p", published_at=MOMENT, company_label="")
    found = connection.execute("select column_name, value, reason from meta.quarantine order by line").fetchall()
    assert [(column, value) for column, value, _ in found] == [
        ("company, employee_id, month, run", "…"), ("gross_pay_brl", "…"), ("month", "october"),
    ]  # fmt: skip
    assert not [reason for _, _, reason in found if "REG" in reason or "secret" in reason]
    assert "same key again in line 3 with other values" in found[0][2]
    rejected = connection.execute("select message from meta.files where state = 'rejected'").fetchall()
    assert len(rejected) == 2
    assert all(message.endswith("…") and "Ana" not in message for (message,) in rejected), rejected
    connection.close()
