"""The README's five minutes, done: its very commands on the real files, and the numbers that it promises."""

from __future__ import annotations

import re
import shlex
from pathlib import Path

import pytest

from tests.conftest import PROJECT_ROOT, RunCommand
from tests.ingestion.test_realdata import NORTHWIND, PORTAL, REALDATA

pytestmark = pytest.mark.skipif(not REALDATA.is_dir(), reason=f"the real samples are not here ({REALDATA})")


def commands() -> list[tuple[list[str], str]]:
    """The commands of the section, in their order, and the remark behind each."""
    text = (PROJECT_ROOT / "README.md").read_text(encoding="utf-8")
    section = text.split("## Your own exports in five minutes")[1].split("\n## ")[0]
    found = []
    for block in re.findall(r"```\n(.*?)```", section, flags=re.DOTALL):
        for line in block.replace("\\\n", " ").strip().splitlines():
            command, _, remark = line.partition("  #")
            found.append((shlex.split(command), remark.strip()))
    return found


def test_the_commands_of_the_readme_do_what_it_says(retaguarda: RunCommand, tmp_path: Path) -> None:
    places = {path.name: path for folder in (PORTAL, NORTHWIND) for path in folder.glob("*.csv")}
    told = []
    for words, remark in commands():
        assert words[0] == "retaguarda"
        # `quarantine` is given a name, the others a file.
        arguments = [word if words[1] == "quarantine" else places.get(word, word) for word in words[1:]]
        ended = retaguarda(*arguments, data=tmp_path)
        assert ended.returncode == 0, (words, ended.stderr)
        told.append((words[1], remark, ended.stdout + ended.stderr))
    assert [command for command, _, _ in told] == ["map", "map", "load", "map", "load", "quarantine"]
    assert "order of day and month" in told[0][2]
    for _command, remark, output in told:
        for number in re.findall(r"[\d.,]+ (?:read|loaded|quarantined)|\d+ rows", remark):
            assert number in output, (remark, output)
    assert len(list((tmp_path / "mappings").glob("*.yml"))) == 2
    assert len(list((tmp_path / "quarantine").glob("*suppliers*.csv"))) == 1
