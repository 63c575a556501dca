"""Pseudonyms are made with a key of the company's own."""

from __future__ import annotations

from pathlib import Path

import pytest

from pipeline.dbt_process import dbt_environment
from pipeline.pseudonyms import VARIABLE, pseudonym_key
from pipeline.settings import DataFolder


def test_each_folder_has_a_key_of_its_own_that_stays(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv(VARIABLE, raising=False)
    one, other = DataFolder(tmp_path / "one").prepare(), DataFolder(tmp_path / "other").prepare()
    assert pseudonym_key(one) == pseudonym_key(one) != pseudonym_key(other)
    assert one.pseudonym_key.stat().st_mode & 0o077 == 0, "only its owner may read it"
    assert dbt_environment(one)[VARIABLE] == pseudonym_key(one)


def test_the_environment_has_the_last_word(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(VARIABLE, "given")
    assert pseudonym_key(DataFolder(tmp_path).prepare()) == "given"
    assert not DataFolder(tmp_path).pseudonym_key.exists()
