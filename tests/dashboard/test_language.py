from __future__ import annotations

import re

import pytest
from babel.messages.pofile import read_po

from dashboard import extraction, language

CATALOGUE = language.LOCALE_FOLDER / "pt_BR" / "LC_MESSAGES" / "dashboard.po"
FIELD = re.compile(r"\{[a-z_0-9]*\}")


def test_every_text_is_translated() -> None:
    missing = sorted(set(extraction.source_texts()) - set(language.messages("pt_BR")))
    assert not missing, "run `python -m dashboard.extraction`, then translate: " + "; ".join(missing)


def test_no_translation_is_an_orphan() -> None:
    orphans = sorted(set(language.messages("pt_BR")) - set(extraction.source_texts()))
    assert not orphans, "run `python -m dashboard.extraction` to drop: " + "; ".join(orphans)


def test_translations_keep_their_fields_and_are_not_fuzzy() -> None:
    with CATALOGUE.open("rb") as file:
        for message in read_po(file, locale="pt_BR"):
            if message.id:
                assert sorted(FIELD.findall(message.id)) == sorted(FIELD.findall(message.string)), message.id
                assert not message.fuzzy, message.id


def test_texts_inside_f_strings_are_found() -> None:
    assert "wk" in extraction.source_texts()


@pytest.mark.parametrize(
    ("override", "browser", "expected"),
    [
        (None, "pt-BR", "pt_BR"),
        (None, "pt-PT", "pt_BR"),
        (None, "en-GB", "en"),
        (None, "de-DE", "en"),
        (None, None, "pt_BR"),
        ("en", "pt-BR", "en"),
        ("pt-BR", "en-US", "pt_BR"),
        ("klingon", "en-US", "en"),
    ],
)
def test_the_reader_s_choice_comes_before_the_browser(override: str | None, browser: str | None, expected: str) -> None:
    assert language.choose(override, browser) == expected


def test_plurals() -> None:
    language.activate("pt_BR")
    assert [language.plural("day", "days", n) for n in (0, 1, 1.5, 2)] == ["dia", "dia", "dia", "dias"]
    language.activate("en")
    assert [language.plural("day", "days", n) for n in (0, 1, 2)] == ["days", "day", "days"]
