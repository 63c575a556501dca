"""`retaguarda pack`: weeks, audiences, frozen weeks, and what is kept."""

from __future__ import annotations

import json
from datetime import datetime
from pathlib import Path

import duckdb
import polars as pl
import pytest
from lxml import html

from pipeline.audiences import Audience, read_audiences
from pipeline.failures import Failure
from pipeline.settings import DataFolder
from pipeline.snapshot_contents import VALUES
from pipeline.snapshot_files import put_week_in_place
from pipeline.snapshot_weeks import Week

WEEK = "2026-W46"
AUDIENCES = """
audiences:
  - name: south
    addresses: [ana@example.com]
    language: en
    areas: [payables, people]
    units: [SUL]
"""


def folder_with(data: Path, text: str) -> DataFolder:
    data.mkdir(exist_ok=True)
    (data / "audiences.yml").write_text(text, encoding="utf-8")
    return DataFolder(data)


def test_restricted_is_yes_or_no(tmp_path: Path) -> None:
    (board,) = read_audiences(folder_with(tmp_path, "audiences: [{name: board, restricted: true}]")).values()
    assert board.restricted
    with pytest.raises(Failure, match="true or false"):
        read_audiences(folder_with(tmp_path, "audiences: [{name: board, restricted: 'yes'}]"))


def test_audiences_are_read(tmp_path: Path) -> None:
    found = read_audiences(folder_with(tmp_path, AUDIENCES))
    assert found == {"south": Audience("south", ("ana@example.com",), "en", ("payables", "people"), ("SUL",))}
    assert read_audiences(DataFolder(tmp_path / "empty")) == {}


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("audiences: [{name: ../x}]", "../x"),
        ("audiences: [{name: all}]", "all"),
        ("audiences: [{name: a, adresses: [x@y.z]}]", "adresses"),
        ("audiences: [{name: a, addresses: ['no address']}]", "no address"),
        ('audiences: [{name: a, addresses: ["a@b.c\\nBcc: x@y.z"]}]', "e-mail"),
        ("audiences: [{name: a, addresses: [ana.@example.com]}]", "e-mail"),
        ("audiences: [{name: a, addresses: [ana@ação..com]}]", "e-mail"),
        ("audiences: [{name: a, language: fr}]", "fr"),
        ("audiences: [{name: a, areas: [payable]}]", "payable"),
        ("audiences: [{name: a, units: SUL}]", "units"),
        ("audiences: [{name: a}, {name: a}]", "twice"),
        ("audiences: {a: b}", "list"),
        ("- a", "list"),
        ("audiences: [", "YAML"),
    ],
)
def test_a_wrong_audience_is_refused_as_a_whole(tmp_path: Path, text: str, words: str) -> None:
    with pytest.raises(Failure, match=words) as refused:
        read_audiences(folder_with(tmp_path, text))
    assert refused.value.remedy


def packed(retaguarda, data: Path, *arguments: str) -> dict:
    ended = retaguarda("pack", "--report", "json", *arguments, data=data)
    assert ended.returncode == 0, ended.stderr
    return json.loads(ended.stdout)


def test_readers_see_their_areas_and_units_only(retaguarda, copied_data: Path) -> None:
    folder_with(copied_data, AUDIENCES)
    made = packed(retaguarda, copied_data, "--week", WEEK, "--audience", "south", "--format", "html")
    path = Path(made["files"][0]["path"])
    assert path == copied_data.resolve() / "reports" / WEEK / "south" / f"retaguarda_{WEEK}_south_en.html"
    page = html.fromstring(path.read_bytes())
    assert page.get("lang") == "en"
    assert set(page.xpath('//section[@class="area"]/@data-area')) == {"payables", "people"}
    text = page.text_content()
    assert "Unidade Sul" in text
    assert "Unidade Nordeste" not in text
    assert "By business unit" not in text
    name = (copied_data / "serving" / "current").read_text(encoding="utf-8").strip()
    with duckdb.connect(str(copied_data / "serving" / name), read_only=True) as connection:
        rows = connection.execute(
            "select value from kpi.kpi_values where kpi = 'amount_paid' and grain = 'week' and member = 'SUL' and period_start = ?",
            [Week.parse(WEEK).start],
        ).fetchall()
    shown = page.xpath('//section[@class="area"]//tr[@data-kpi="amount_paid"]/td[1]/strong/text()')
    assert shown == [f"R${rows[0][0]:,.0f}"]


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("--week", "2026-W60"), "not a week"),
        (("--week", "1999-W01"), "Nothing is published"),
        (("--audience", "nobody"), "no audience"),
        (("--format", "docx"), "no format"),
    ],
)
def test_wrong_wishes_are_told(retaguarda, copied_data: Path, arguments: tuple[str, ...], words: str) -> None:
    ended = retaguarda("pack", *arguments, data=copied_data)
    assert ended.returncode == 2
    assert words in ended.stderr
    assert "Traceback" not in ended.stderr


@pytest.fixture
def frozen(copied_data: Path) -> Path:
    """The week as it was reported: with 42 points of NPS, whatever is known now."""
    week = Week.parse(WEEK)
    name = (copied_data / "serving" / "current").read_text(encoding="utf-8").strip()
    with duckdb.connect(str(copied_data / "serving" / name), read_only=True) as connection:
        values = connection.sql(VALUES, params={"first": week.start, "last": week.end}).pl()
        catalogue = connection.sql("select * from kpi.catalogue").pl()
    reported = (
        pl.when((pl.col("kpi") == "nps") & (pl.col("dimension") == "total")).then(42.0).otherwise(pl.col("value"))
    )
    facts = {
        "frozen_at": datetime(2026, 11, 18, 9), "as_of": datetime(2026, 11, 18, 8), "publication_id": "as-reported",
        "company": "Aurora", "is_provisional": False, "is_late": False,
    }  # fmt: skip
    put_week_in_place(
        DataFolder(copied_data), week, {"values": values.with_columns(value=reported), "catalogue": catalogue}, facts
    )
    return copied_data


def test_a_frozen_week_is_told_as_it_was_reported_and_kept(retaguarda, frozen: Path) -> None:
    arguments = ("--week", WEEK, "--format", "html,xlsx", "--language", "pt_BR")
    first = packed(retaguarda, frozen, *arguments)
    assert [file["is_new"] for file in first["files"]] == [True, True]
    path = Path(first["files"][0]["path"])
    page = html.fromstring(path.read_bytes())
    assert page.xpath('//section[@class="area"]//tr[@data-kpi="nps"]/td[1]/strong/text()') == [
        "42\N{NO-BREAK SPACE}pontos"
    ]
    assert "Congelado" in page.text_content()
    assert "as-reported" in page.text_content()
    before = {file["path"]: Path(file["path"]).read_bytes() for file in first["files"]}
    second = packed(retaguarda, frozen, *arguments)
    assert [file["is_new"] for file in second["files"]] == [False, False]
    elsewhere = packed(retaguarda, frozen, *arguments, "--output", str(frozen / "again"))
    for file in elsewhere["files"]:  # made anew, and the same to the byte
        assert Path(file["path"]).read_bytes() == before[str(path.parent / Path(file["path"]).name)]
    path.write_bytes(path.read_bytes() + b" ")
    refused = retaguarda("pack", *arguments, data=frozen)
    assert refused.returncode == 1
    assert "changed after it was made" in refused.stderr


def test_an_altered_frozen_week_is_never_shown(retaguarda, frozen: Path) -> None:
    path = frozen / "snapshots" / WEEK / "values.parquet"
    path.chmod(0o644)
    path.write_bytes(path.read_bytes()[:-1] + b"x")
    ended = retaguarda("pack", "--week", WEEK, "--format", "html", data=frozen)
    assert ended.returncode == 1
    assert "values.parquet" in ended.stderr
