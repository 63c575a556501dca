"""dbt in a process of its own: several runs with the file free between them, errors told, unit tests once a code."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from pathlib import Path

import duckdb
import pytest

from pipeline.dbt_process import DbtRun, building_file, message_of, running_dbt
from pipeline.dbt_results import DbtResults, TestResult
from pipeline.settings import DataFolder
from pipeline.unit_tests import code_hash, known_results, remember

AS_OF = datetime(2026, 11, 20, 23)
RESULT = TestResult("days_are_counted", "error", "pass", 0, "kpi_days", "", ("days",))


def test_several_runs_of_one_process_leave_the_file_to_others_between_them(copied_data: Path) -> None:
    folder = DataFolder(copied_data)
    nodes: list[tuple[str, int, int]] = []
    with running_dbt(folder, AS_OF) as dbt:
        assert dbt.build(lambda *node: nodes.append(node), "kpi_targets", without=("test",)) == DbtRun(0, ())
        with duckdb.connect(str(building_file(folder))) as connection:
            connection.execute("delete from staging.kpi_targets")
        assert dbt.build(lambda *node: nodes.append(node), "kpi_targets") == DbtRun(0, ())
        with duckdb.connect(str(building_file(folder)), read_only=True) as connection:
            assert connection.execute("select count(*) from staging.kpi_targets").fetchall()[0][0] > 10
            connection.close()
        failed = dbt.build(lambda *node: None, "kpi_days_to_pay", without=("test", "unit_test"))
        assert failed.exit_code == 1, "its mart does not exist"
        assert any("fct_payables" in error for error in failed.errors)
    assert ("kpi_targets", 1, 1) in nodes
    log = (folder.builds / "logs" / "dbt.log").read_text(encoding="utf-8")
    assert "fct_payables" in log, "the log that a failure names says why"


def test_a_dbt_that_cannot_start_says_so(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("pipeline.dbt_process.PROJECT_ROOT", tmp_path)
    with running_dbt(DataFolder(tmp_path / "data").prepare(), AS_OF) as dbt:
        run = dbt.build(lambda *node: None)
    assert run.exit_code != 0
    assert run.errors


@pytest.mark.parametrize("line", ["Killed", '{"other": 1}', "[1]", '{"node": "a"}', ""])
def test_a_line_that_is_not_of_ours_is_an_error(line: str) -> None:
    assert message_of(line) == {"error": line.strip()}


def test_unit_tests_are_remembered_for_the_same_code_only(tmp_path: Path) -> None:
    folder = DataFolder(tmp_path / "data").prepare()
    project = tmp_path / "project"
    (project / "models").mkdir(parents=True)
    model = project / "models" / "kpi_days.sql"
    model.write_text("select 1", encoding="utf-8")
    code = code_hash(project)
    assert code_hash(project) == code
    assert known_results(folder, code) == ()
    data_test = replace(RESULT, test="unique_days")
    remember(folder, code, DbtResults((RESULT, data_test), (), (), 2, {}), {"days_are_counted"})
    assert known_results(folder, code) == (RESULT,), "tests of data are never remembered"
    model.write_text("select 2", encoding="utf-8")
    assert known_results(folder, code_hash(project)) == ()


def test_a_failed_unit_test_is_not_remembered(tmp_path: Path) -> None:
    folder = DataFolder(tmp_path).prepare()
    failed = replace(RESULT, test="fails", status="fail")
    remember(folder, "code", DbtResults((RESULT, failed), (), (), 2, {}), {"days_are_counted", "fails"})
    assert known_results(folder, "code") == ()
