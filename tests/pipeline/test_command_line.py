"""The command line as a person, a scheduler and a page use it."""

from __future__ import annotations

import csv
import io
import json
import os
from collections.abc import Callable
from pathlib import Path
from subprocess import CompletedProcess

import polars as pl
import pytest

RunCommand = Callable[..., "CompletedProcess[str]"]
COMMANDS = ("load", "build", "publish", "refresh", "demo", "serve", "doctor", "kpi", "sql", "template")
KPI_KEYS = {
    *("kpi", "grain", "period_start", "dimension", "member", "value", "low", "high", "n"),
    *("numerator", "denominator", "state", "mean", "p80", "p95", "finished", "open"),
}


@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_has_help(retaguarda: RunCommand, command: str) -> None:
    ended = retaguarda(command, "--help")
    assert ended.returncode == 0
    assert "Usage:" in ended.stdout
    assert command in ended.stdout


def test_the_help_lists_commands_and_exit_codes(retaguarda: RunCommand) -> None:
    ended = retaguarda("--help")
    assert all(command in ended.stdout for command in COMMANDS)
    assert "Exit codes" in ended.stdout


def test_wrong_usage_is_2(retaguarda: RunCommand, tmp_path: Path) -> None:
    assert retaguarda("fly").returncode == 2
    assert retaguarda("load", data=tmp_path).returncode == 2
    assert retaguarda("load", tmp_path / "missing.csv", data=tmp_path).returncode == 2
    assert retaguarda("build", "--as-of", "tomorrow", data=tmp_path).returncode == 2
    assert retaguarda("template", "erp.nothing", data=tmp_path).returncode == 2


def test_nothing_published_is_6_with_a_remedy(retaguarda: RunCommand, tmp_path: Path) -> None:
    for arguments in (("kpi", "nps"), ("sql", "select 1")):
        ended = retaguarda(*arguments, data=tmp_path)
        assert ended.returncode == 6
        assert "retaguarda refresh" in ended.stderr
        assert "Traceback" not in ended.stderr


def test_data_folder_before_and_after_the_command(retaguarda: RunCommand, demo_data: Path) -> None:
    statement = "select count(*) as n from kpi.catalogue"
    before = retaguarda("--data", demo_data, "sql", statement, "--format", "csv")
    after = retaguarda("sql", statement, "--format", "csv", "--data", demo_data)
    assert before.returncode == after.returncode == 0, before.stderr + after.stderr
    assert before.stdout == after.stdout


def test_kpi_as_json_has_the_promised_keys(retaguarda: RunCommand, demo_data: Path) -> None:
    ended = retaguarda(
        "kpi", "days_to_pay", "--grain", "month", "--by", "business_unit", "--format", "json", data=demo_data
    )
    assert ended.returncode == 0, ended.stderr
    records = json.loads(ended.stdout)
    assert records
    assert set(records[0]) >= KPI_KEYS
    assert {record["dimension"] for record in records} == {"business_unit"}
    assert {record["grain"] for record in records} == {"month"}
    assert len({record["member"] for record in records}) == 4


def test_kpi_is_bounded_by_dates(retaguarda: RunCommand, demo_data: Path) -> None:
    arguments = ("kpi", "nps", "--grain", "quarter", "--from", "2025-01-01", "--to", "2025-12-31", "--format", "json")
    records = json.loads(retaguarda(*arguments, data=demo_data).stdout)
    assert [record["period_start"] for record in records] == ["2025-01-01", "2025-04-01", "2025-07-01", "2025-10-01"]
    assert all(record["dimension"] == record["member"] == "total" for record in records)


def test_the_formats_agree(retaguarda: RunCommand, demo_data: Path, tmp_path: Path) -> None:
    base = ("kpi", "nps", "--grain", "year")
    as_json = json.loads(retaguarda(*base, "--format", "json", data=demo_data).stdout)
    as_csv = list(csv.DictReader(io.StringIO(retaguarda(*base, "--format", "csv", data=demo_data).stdout)))
    output = tmp_path / "nps.parquet"
    assert retaguarda(*base, "--format", "parquet", "--output", output, data=demo_data).returncode == 0
    as_parquet = pl.read_parquet(output).to_dicts()
    assert len(as_json) == len(as_csv) == len(as_parquet) > 1
    for one, two, three in zip(as_json, as_csv, as_parquet, strict=True):
        assert one["value"] == pytest.approx(float(two["value"])) == pytest.approx(three["value"])
        assert one["period_start"] == two["period_start"] == three["period_start"].isoformat()
    table = retaguarda(*base, data=demo_data).stdout
    assert table.splitlines()[0].startswith("kpi")
    assert len(table.splitlines()) == len(as_json) + 1


def test_an_unknown_kpi_or_dimension_names_the_nearest(retaguarda: RunCommand, demo_data: Path) -> None:
    ended = retaguarda("kpi", "days_to_pai", data=demo_data)
    assert ended.returncode == 2
    assert "days_to_pay" in ended.stderr
    assert retaguarda("kpi", "nps", "--by", "colour", data=demo_data).returncode == 2


def test_template_in_both_languages(retaguarda: RunCommand, tmp_path: Path) -> None:
    for language, header in (("pt_BR", "Empresa"), ("en", "Company")):
        folder = tmp_path / language
        ended = retaguarda("template", "erp.payables", "--language", language, "--output", folder)
        assert ended.returncode == 0, ended.stderr
        written = {path.suffix: path for path in folder.iterdir()}
        assert set(written) == {".csv", ".xlsx"}
        assert header in written[".csv"].read_bytes().decode("utf-8-sig")


def test_doctor_finds_nothing_wrong_in_the_demonstration(retaguarda: RunCommand, demo_data: Path) -> None:
    ended = retaguarda("doctor", "--format", "json", data=demo_data)
    checks = {check["name"]: check for check in json.loads(ended.stdout)}
    assert ended.returncode == 0, checks
    assert checks["raw"]["state"] == checks["published file"]["state"] == checks["dbt"]["state"] == "ok"


def test_doctor_says_what_is_wrong(retaguarda: RunCommand, tmp_path: Path) -> None:
    (tmp_path / "raw.duckdb").write_text("this is not a database", encoding="utf-8")
    ended = retaguarda("doctor", data=tmp_path)
    assert ended.returncode == 1
    assert "✗ raw" in ended.stdout
    assert "→" in ended.stdout


def test_a_port_in_use_is_a_message(retaguarda: RunCommand, tmp_path: Path) -> None:
    import socket

    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        ended = retaguarda("serve", "--port", port, data=tmp_path)
    assert ended.returncode == 1
    assert str(port) in ended.stderr
    assert "--port" in ended.stderr


def test_a_broken_mapping_is_a_message(retaguarda: RunCommand, tmp_path: Path) -> None:
    mapping = tmp_path / "mapping.yml"
    mapping.write_text("tabel: erp.payables\n", encoding="utf-8")
    export = tmp_path / "payables.csv"
    export.write_text("a;b\n1;2\n", encoding="utf-8")
    ended = retaguarda("load", export, "--map", mapping, data=tmp_path / "data")
    assert ended.returncode != 0
    assert "Traceback" not in ended.stderr
    assert "mapping.yml" in ended.stderr + ended.stdout
    assert os.path.exists(tmp_path / "data")  # noqa: PTH110
