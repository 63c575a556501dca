"""The documents say what is true: every command, KPI and area appears where a reader would look for it."""

from __future__ import annotations

import re
import subprocess
from pathlib import Path

import pytest
from typer.main import get_command

from ingestion.contracts import load_contracts
from kpis.catalogue import load_catalogue
from pipeline.cli import app

ROOT = Path(__file__).parents[2]


def tracked_files() -> list[Path]:
    names = subprocess.run(
        ["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, text=True, check=True
    ).stdout.split("\0")
    return [ROOT / name for name in names if name and (ROOT / name).is_file()]


def command_names() -> list[str]:
    return sorted(get_command(app).commands)  # type: ignore[attr-defined]


@pytest.mark.parametrize("name", command_names())
def test_every_command_is_documented_in_the_readme(name: str) -> None:
    assert f"retaguarda {name}" in (ROOT / "README.md").read_text(encoding="utf-8")


def test_every_documented_command_exists() -> None:
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    documented = set(re.findall(r"^\s*(?:\.venv/bin/)?retaguarda (?:--data \S+ )?([a-z-]+)", readme, re.MULTILINE))
    assert documented <= set(command_names()), documented - set(command_names())


def test_every_make_target_of_the_readme_exists() -> None:
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    for target in set(re.findall(r"`make ([a-z]+)", readme)):
        assert re.search(rf"^{target}:", makefile, re.MULTILINE), target


def test_every_contract_column_is_described_in_both_languages() -> None:
    for name, contract in load_contracts(ROOT).items():
        for column in contract.columns:
            assert column.headers["pt_BR"] and column.headers["en"], f"{name}.{column.name}"


def test_the_catalogue_is_valid_and_complete() -> None:
    catalogue = load_catalogue(ROOT)
    expected = {
        "nps", "survey_response_rate", "roi", "investment_irr", "investment_npv", "payback_months",
        "investment_budget_overrun", "okr_score", "okr_pace", "okr_at_risk", "days_to_pay", "paid_within_30",
        "paid_31_to_60", "paid_after_60", "paid_within_30_value", "paid_31_to_60_value", "paid_after_60_value",
        "paid_late", "paid_late_value", "journal_error_rate", "journal_error_value_rate", "first_response_time",
        "resolution_time", "sla_met",
    }  # fmt: skip
    assert expected <= set(catalogue)
    kinds = {"count", "amount", "share", "ratio", "score", "duration", "level", "balance", "cash_flow"}
    assert {kpi.kind for kpi in catalogue.values()} == kinds, "every kind of the house is in use"


def test_no_file_names_a_registry_host_or_a_path_of_one_machine() -> None:
    # Spelt in halves, so that this file does not name them either.
    forbidden = [
        "pypi" + ".org",
        "python" + "hosted",
        "npm" + "js.org",
        "registry" + ".npm",
        "/wo" + "rk/",
        "/ro" + "ot/",
    ]
    guilty = []
    for path in tracked_files():
        if path.suffix in {".png", ".xlsx", ".parquet", ".ico"}:
            continue
        text = path.read_text(encoding="utf-8", errors="replace")
        guilty += [f"{path.relative_to(ROOT)}: {word}" for word in forbidden if word in text]
    assert guilty == []


def test_the_lock_is_hashed() -> None:
    lock = (ROOT / "requirements.lock").read_text(encoding="utf-8")
    blocks = re.split(r"\n(?=[A-Za-z])", lock)
    unhashed = [block.splitlines()[0] for block in blocks if "==" in block and "--hash=sha256:" not in block]
    assert unhashed == []
