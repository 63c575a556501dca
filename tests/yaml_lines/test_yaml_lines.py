"""YAML with lines, against a reader in Python that keeps them too: the same content and places, in every file of ours."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import pytest
from ruamel.yaml import YAML

from yaml_lines import MarkedYAMLError, YAMLError, load

ROOT = Path(__file__).parents[2]
FILES = sorted(
    path
    for folder in ("models", "seeds", "ingestion", "tests", "data/sample")
    for path in (ROOT / folder).rglob("*.yml")
)


def same(ours: Any, theirs: Any, where: tuple[object, ...]) -> None:
    if isinstance(theirs, dict | list):
        assert isinstance(ours, dict if isinstance(theirs, dict) else list), where
        assert ours.lc.line == theirs.lc.line, where
        for key in theirs if isinstance(theirs, dict) else range(len(theirs)):
            if theirs.lc.data and key in theirs.lc.data:
                assert ours.lc.data[key][0] == theirs.lc.data[key][0], (*where, key)
            same(ours[key], theirs[key], (*where, key))
        assert len(ours) == len(theirs), where
    else:
        assert ours == theirs, where
        assert str(ours) == str(theirs), where


def test_every_file_of_the_project_is_read_alike() -> None:
    assert len(FILES) > 60
    for path in FILES:
        text = path.read_text(encoding="utf-8")
        same(load(text), YAML().load(text), (path.name,))


@pytest.mark.parametrize(
    ("text", "value"),
    [("yes", "yes"), ("no", "no"), ("on", "on"), ("12:30", "12:30"), ("010", 10), ("1_000", 1000), ("0o17", 15),
     ("0x1f", 31), ("-3", -3), ("1.50", 1.5), ("1e3", 1000.0), (".5", 0.5), ("-.inf", float("-inf")), ("true", True),
     ("FALSE", False), ("~", None), ("", None), ("null", None), ("2026-01-02", date(2026, 1, 2)), ("'1'", "1"),
     ("2026-13-01", "2026-13-01"), ("1.2.3", "1.2.3"), ("inf", "inf"), ("=", "="), ("1,5", "1,5")],
)  # fmt: skip
def test_plain_scalars_mean_what_yaml_1_2_says(text: str, value: object) -> None:
    found = load(f"a: {text}")["a"]
    assert found == value
    assert type(found) is type(value)


def test_merged_and_repeated_parts() -> None:
    found = load("- &one {a: 1, b: 2}\n- *one\n- {<<: *one, b: 3}\n")
    assert found[1] is found[0]
    assert found[2] == {"b": 3, "a": 1}


@pytest.mark.parametrize(("text", "line"), [("a: 1\nb: [", 2), ("a: 1\na: 2", 1), ("a:\n\tb: 1", 1), ("? [a]\n: 1", 0)])
def test_what_is_no_yaml_is_told_with_its_line(text: str, line: int) -> None:
    with pytest.raises(MarkedYAMLError) as caught:
        load(text)
    mark: Any = caught.value.problem_mark
    assert mark.line == line
    assert caught.value.problem


def test_a_character_that_no_text_holds_is_an_error() -> None:
    with pytest.raises(YAMLError):
        load("a: \x07")
