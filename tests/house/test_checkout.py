"""A checkout is the same to the byte on every machine: what is hashed must not depend on its line ends."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest

from pipeline.settings import DataFolder
from pipeline.snapshot_verifying import verify

ROOT = Path(__file__).parents[2]


def git(*arguments: object, folder: Path = ROOT) -> str:
    command = ["git", *map(str, arguments)]
    return subprocess.run(command, cwd=folder, capture_output=True, text=True, check=True).stdout


@pytest.fixture(scope="module")
def clone(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A clone made as on Windows, where git by default writes every text with CR LF."""
    if not (ROOT / ".git").exists():
        pytest.skip("not a git work tree")
    folder = tmp_path_factory.mktemp("clone") / "retaguarda"
    git("clone", "--quiet", "--no-checkout", "--shared", ROOT, folder)
    for name, value in (("core.autocrlf", "true"), ("core.eol", "crlf")):
        git("config", name, value, folder=folder)
    git(
        "checkout", "--quiet", "HEAD", "--", ".gitattributes", "seeds", "models", "data/sample/snapshots", folder=folder
    )
    git("checkout", "--quiet", "HEAD", "--", "data/sample/2026-11-16", folder=folder)
    return folder


def test_the_frozen_sample_is_intact_in_a_fresh_clone(clone: Path) -> None:
    found = verify(DataFolder(clone / "data" / "sample"))
    assert found.weeks
    assert found.discrepancies == ()


def test_no_line_end_is_changed(clone: Path) -> None:
    """Of exports (some have CR LF, some LF), and of the SQL and seeds whose hashes are the versions of definitions."""
    listed = git("ls-files", "--eol", "data/sample/2026-11-16", "models", "seeds", folder=clone).splitlines()
    ends = [(line.split()[0].removeprefix("i/"), line.split()[1].removeprefix("w/")) for line in listed]
    assert {"lf", "crlf"} <= {kept for kept, _written in ends}
    assert all(kept == written for kept, written in ends)
