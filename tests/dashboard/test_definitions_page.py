"""The KPI library: searched without accents in either language, one definition in full, its versions, the glossary."""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

import duckdb
import pytest
from lxml.html import fromstring

from dashboard import glossary, language, library
from dashboard.components.signals import ASSURANCE_MARKS, STATE_MARKS
from dashboard.published import Publication, current, current_path
from dashboard.queries.definitions import definitions
from dashboard.queries.library import Version, difference, texts
from tests.dashboard.visiting import tables, visit
from tests.dashboard.visiting import texts as said


@pytest.mark.parametrize(
    ("wanted", "name"),
    [
        ("prazo medio recebimento", "days_sales_outstanding"),
        ("DAYS to pay", "days_to_pay"),
        ("contas a pagar duracao", "days_to_pay"),
        ("erp.payables", "days_to_pay"),
        ("payables median", "days_to_pay"),
        ("experiencia do cliente", "nps"),
    ],
)
def test_words_are_found_in_either_language_without_accents(publication: Publication, wanted: str, name: str) -> None:
    for code in language.LANGUAGES:
        found = library.found(definitions(publication, code), texts(publication), wanted)
        assert name in [kpi.name for kpi in found]
    catalogue = definitions(publication, "en")
    assert not library.found(catalogue, texts(publication), wanted + " zzz")
    assert library.found(catalogue, texts(publication), "", area="payables", kind="duration")[0].name == "days_to_pay"
    assert library.found(catalogue, texts(publication), "days to pay")[0].name == "days_to_pay", "labels come first"


def test_the_library_lists_every_kpi_and_the_address_holds_the_search(
    demo_data: Path, publication: Publication
) -> None:
    def rows(**parameters: str) -> list[str]:
        (html,) = tables(visit(demo_data, "definitions", lang="en", **parameters))
        return fromstring(f"<div>{html}</div>").xpath(".//tr[@class='kpi']/th/a/@href")

    assert len(rows()) == len(definitions(publication, "en"))
    few = rows(q="invoice receipt", area="payables")
    assert 0 < len(few) < 14
    assert all("definitions?" in address and "kpi=" in address for address in few)
    nothing = visit(demo_data, "definitions", lang="en", q="no such thing")
    assert any("No definition holds all these words" in text for text in said(nothing))


@pytest.fixture
def changed_data(demo_data: Path, tmp_path: Path) -> Iterator[Path]:
    """A publication in which a definition has changed twice: its words and SQL, then only SQL further up."""
    serving = tmp_path / "serving"
    serving.mkdir()
    source = current_path(demo_data)
    shutil.copyfile(source, serving / source.name)
    (serving / "current").write_text(source.name)
    with duckdb.connect(str(serving / source.name)) as connection:
        (row,) = connection.execute("select * from kpi.definitions where kpi = 'days_to_pay'").fetchall()
        name, _hash, moment, sql, entry = row
        before = json.loads(entry)
        before["minimum_n"] = 5
        before["label"]["en"] = "Payment time"
        connection.executemany(
            "insert into kpi.definitions values (?, ?, ?, ?, ?)",
            [
                (name, "a" * 64, datetime(2026, 1, 5), sql.replace("entry_age", "old_age"), json.dumps(before)),
                (name, "b" * 64, datetime(2026, 6, 1), sql, entry),
            ],
        )
        assert moment > datetime(2026, 6, 1)
    yield tmp_path
    current(tmp_path).close()


def test_one_definition_tells_targets_versions_and_origin(changed_data: Path) -> None:
    app = visit(changed_data, "definitions", kpi="days_to_pay", lang="en")
    assert app.title[0].value == "Days to pay"
    text = "\n".join(said(app))
    for part in (
        "Period life table",
        "UK Reporting",
        "supplier's receipt date",
        "`erp.payables`",
        "`banking_holidays`",
    ):
        assert part in text.replace("\\", ""), part
    (targets,) = [table.value for table in app.dataframe]
    assert targets["Target"].tolist() == ["≤ 30.0\N{NO-BREAK SPACE}days"]
    assert "kpi_targets.csv, line" in targets["Said in"][0]
    changes = [block.value for block in app.code if block.value.startswith("---")]
    assert len(changes) == 1
    assert "-label.en: Payment time\n" in changes[0]
    assert "+label.en: Days to pay\n" in changes[0]
    assert "-minimum_n: 5\n+minimum_n: 10" in changes[0]
    assert "old_age" in changes[0]
    assert "the SQL of a model that it is made from changed" in text, "the newest version"
    assert "The first version that was published" in text
    links = {link.proto.page for link in app.main.get("page_link")}
    assert {"kpi", "data", "sql"} <= links
    (listed,) = tables(visit(changed_data, "definitions", lang="en", q="days_to_pay"))
    assert "3 versions" in listed


def test_versions_that_differ_only_further_up_have_no_difference() -> None:
    one = Version("a", datetime(2026, 1, 1), "select 1", '{"label": {"en": "A"}}')
    assert difference(one, one) == ""


@pytest.mark.parametrize("tag", ["pt-BR", "en"])
def test_every_sign_is_in_the_glossary_in_two_sentences(demo_data: Path, tag: str) -> None:
    text = "\n".join(said(visit(demo_data, "definitions", view="glossary", lang=tag))).replace("\\", "")
    terms = [entry for entries in glossary.sections().values() for entry in entries]
    for term, word, meaning in terms:
        assert f"**{word}**" in text
        assert meaning in text
        assert 2 <= len([end for end in meaning.split(". ") if end]) <= 3, word
        if tag == "pt-BR":
            assert meaning != term.meaning, word
    assert {term.state for term, _word, _meaning in terms} >= set(STATE_MARKS) - {"failed_test"}
    assert {term.assurance for term, _word, _meaning in terms} >= set(ASSURANCE_MARKS)
