"""The image and the two services, as far as they can be checked without a container engine."""

from __future__ import annotations

import re
import subprocess
import sys
import tomllib
from pathlib import Path
from typing import Any

import pytest
from ruamel.yaml import YAML

ROOT = Path(__file__).resolve().parents[2]
DOCKERFILE = (ROOT / "Dockerfile").read_text(encoding="utf-8")
PIN = re.compile(r"^([A-Za-z0-9._-]+(?:\[[a-z,]+\])?)==(\S+)", re.MULTILINE)


@pytest.fixture(scope="module")
def services() -> dict[str, Any]:
    return YAML(typ="safe").load(ROOT / "compose.yml")["services"]


def ignored(text: str) -> tuple[list[str], list[str]]:
    """What .dockerignore leaves out, and what it lets in again."""
    lines = [line for line in text.splitlines() if line and not line.startswith("#")]
    return [line for line in lines if line[0] != "!"], [line[1:] for line in lines if line[0] == "!"]


def test_hadolint_finds_nothing_wrong() -> None:
    program = Path(sys.executable).with_name("hadolint")
    ended = subprocess.run([program, ROOT / "Dockerfile"], capture_output=True, text=True, check=False)
    assert ended.returncode == 0, ended.stdout + ended.stderr


def test_the_image_is_not_roots_and_installs_only_what_is_locked() -> None:
    assert re.search(r"^USER 10001:10001$", DOCKERFILE, re.MULTILINE)
    assert "--require-hashes --only-binary=:all:" in DOCKERFILE
    for library in ("libpango-1.0-0", "libpangoft2-1.0-0", "libharfbuzz-subset0"):
        assert library in DOCKERFILE, "weasyprint sets the PDF with it"
    images = re.findall(r"^FROM (\S+)", DOCKERFILE, re.MULTILINE)
    assert all("/" not in name for name in images), "no registry is named"


def test_what_runs_in_the_image_is_locked_as_it_is_everywhere() -> None:
    everywhere = dict(PIN.findall((ROOT / "requirements.lock").read_text(encoding="utf-8")))
    image = dict(PIN.findall((ROOT / "requirements-runtime.lock").read_text(encoding="utf-8")))
    assert image.items() <= everywhere.items()
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    wanted = {re.split(r"[\[><=~]", name)[0].lower() for name in project["dependencies"]}
    assert wanted <= {name.split("[")[0].lower() for name in image}, "lock it anew: docs/schedule.md"
    assert "pytest" not in image


def test_only_the_code_and_the_sample_reach_the_image() -> None:
    out, back = ignored((ROOT / ".dockerignore").read_text(encoding="utf-8"))
    assert out[0] == "*"
    assert all((ROOT / name).exists() for name in back)
    packages = {path.parent.name for path in ROOT.glob("*/__init__.py")} - {"tests", "benchmarks"}
    assert packages <= {name.strip("/") for name in back}, "a package that the command line imports is missing"
    for name in ("dbt_project.yml", "profiles.yml", "models/", "macros/", "seeds/", "tests/models/"):
        assert name in back, "dbt needs it"
    assert [name for name in back if name.startswith("data/")] == ["data/sample/"], "no company's data"


def test_both_services_share_the_data_and_may_write_nothing_else(services: dict[str, Any]) -> None:
    assert set(services) == {"dashboard", "schedule"}
    for service in services.values():
        assert service["volumes"] == ["data:/data"]
        assert service["read_only"] is True
        assert service["cap_drop"] == ["ALL"]
        assert service["security_opt"] == ["no-new-privileges:true"]
        assert service["init"] is True, "ends of dbt's own processes are somebody's to notice"
    assert services["dashboard"]["ports"] == ["127.0.0.1:${PORT:-8501}:8501"], "there is no sign-in"
    assert services["schedule"]["stop_grace_period"] == "15m"


@pytest.mark.parametrize("name", ["dashboard", "schedule"])
def test_the_command_line_knows_what_the_services_call(services: dict[str, Any], name: str) -> None:
    command, *arguments = services[name]["command"]
    ended = subprocess.run(
        [sys.executable, "-m", "pipeline.cli", command, "--help"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
        env={"COLUMNS": "200", "PATH": "/usr/bin:/bin", "NO_COLOR": "1"},
    )
    for argument in arguments:
        if argument.startswith("--"):
            assert argument in ended.stdout


def test_the_health_check_asks_an_address_that_the_dashboard_serves(services: dict[str, Any]) -> None:
    script = services["dashboard"]["healthcheck"]["test"][-1]
    path = ROOT / Path(script).relative_to("/opt/retaguarda")
    assert path.exists()
    assert f":{services['dashboard']['command'][4]}/" in path.read_text(encoding="utf-8")
