"""The architecture rules of the house, as tests."""

from __future__ import annotations

import ast
import re
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PACKAGES = ("dashboard", "ingestion", "kpis", "office", "pipeline", "sandbox", "yaml_lines")
FORBIDDEN_NAMES = {"utils", "util", "helpers", "helper", "common", "manager", "misc"}


def python_files(*folders: str) -> list[Path]:
    return sorted(path for folder in folders for path in (ROOT / folder).rglob("*.py"))


def imported_modules(path: Path) -> set[str]:
    modules: set[str] = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            modules |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            modules.add(node.module)
    return modules


def uses(path: Path, package: str) -> bool:
    return any(name == package or name.startswith(f"{package}.") for name in imported_modules(path))


def test_import_contracts_hold() -> None:
    lint_imports = Path(sys.executable).with_name("lint-imports")
    result = subprocess.run([str(lint_imports), "--no-cache"], cwd=ROOT, capture_output=True, text=True, check=False)
    assert result.returncode == 0, result.stdout + result.stderr


@pytest.mark.parametrize("path", python_files(*PACKAGES), ids=lambda path: str(path.relative_to(ROOT)))
def test_module_names_say_what_they_are(path: Path) -> None:
    assert path.stem not in FORBIDDEN_NAMES
    assert path.parent.name not in FORBIDDEN_NAMES


def test_only_one_module_of_the_dashboard_speaks_to_duckdb() -> None:
    speakers = [path for path in python_files("dashboard") if uses(path, "duckdb")]
    # The ASGI module imports duckdb only to have it loaded before the first visitor (see DECISIONS.md).
    speakers = [path for path in speakers if path.name != "asgi.py"]
    assert len(speakers) == 1, speakers


def test_streamlit_stays_in_pages_and_components() -> None:
    allowed = {ROOT / "dashboard" / name for name in ("app_pages", "components")}
    at_the_root = {"app.py", "asgi.py", "navigation.py", "state.py"}  # the frame: server, menu, URL
    strangers = [
        path.relative_to(ROOT).as_posix()
        for path in python_files(*PACKAGES)
        if uses(path, "streamlit")
        and not any(folder in path.parents for folder in allowed)
        and not (path.parent == ROOT / "dashboard" and path.name in at_the_root)
    ]
    assert strangers == []


def test_pages_hold_no_sql() -> None:
    statement = re.compile(r"\bselect\b.+\bfrom\b", re.IGNORECASE | re.DOTALL)
    guilty = []
    for path in python_files("dashboard/app_pages", "dashboard/components", "dashboard/charts"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            is_text = isinstance(node, ast.Constant) and isinstance(node.value, str)
            if is_text and statement.search(node.value):
                guilty.append(f"{path.relative_to(ROOT)}:{node.lineno}: {node.value[:60]!r}")
    assert guilty == []


def test_no_python_under_models() -> None:
    """dbt refuses a non-empty Python file there."""
    assert [path for path in (ROOT / "models").rglob("*.py") if path.stat().st_size] == []


@pytest.mark.parametrize("folder", ["staging", "intermediate", "marts", "metrics"])
def test_layer_folder_and_prefix_agree(folder: str) -> None:
    prefixes = {"staging": ("stg_",), "intermediate": ("int_",), "marts": ("fct_", "dim_"), "metrics": ("kpi_",)}
    strangers = [
        path.name for path in (ROOT / "models" / folder).rglob("*.sql") if not path.name.startswith(prefixes[folder])
    ]
    assert strangers == []


def test_metadata_files_begin_with_an_underscore() -> None:
    assert [path.name for path in (ROOT / "models").rglob("*.yml") if not path.name.startswith("_")] == []


NOT_PORTABLE = {
    r"::": "write cast(x as type)",
    r"\bqualify\b": "filter in a CTE",
    r"\bgroup\s+by\s+all\b": "name the columns",
    r"\bdistinct\s+on\b": "use row_number",
    r"\bquantile_cont\b": "percentile_cont within group",
    r"\barg_max\b": "max_by",
    r"\bdate_diff\b": "dbt.datediff",
    r"\bstrftime\b": "the date-format macro",
    r"\*\s+exclude\b": "name the columns",
}


@pytest.mark.parametrize("path", sorted((ROOT / "models").rglob("*.sql")), ids=lambda path: path.stem)
def test_models_use_portable_sql_only(path: Path) -> None:
    text = re.sub(r"--[^\n]*|\{#.*?#\}", "", path.read_text(encoding="utf-8"), flags=re.DOTALL)
    text = re.sub(r"'[^']*'", "''", text)
    found = {remedy for pattern, remedy in NOT_PORTABLE.items() if re.search(pattern, text, re.IGNORECASE)}
    assert not found, f"{path.name}: {found}; dispatch macros are the place for what differs between engines"
