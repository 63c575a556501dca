"""What commands print: names of files and values in them are shown, and never obeyed by a terminal."""

from __future__ import annotations

import pytest

from pipeline.progress import Narrator


def test_control_characters_of_names_and_values_are_not_printed(capsys: pytest.CaptureFixture[str]) -> None:
    narrator = Narrator()
    narrator.say("contas\x1b[31mred\x9b.csv: não é [bold]nada[/bold]")
    narrator.complain("one\ntwo\x07", "\x1b]0;title")
    assert capsys.readouterr().err == "contas?[31mred?.csv: não é [bold]nada[/bold]\none\ntwo?\n→ ?]0;title\n"
