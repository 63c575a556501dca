"""Which reader a file gets: by its suffix and, where formats share one, by its first bytes."""

from __future__ import annotations

from dataclasses import replace
from importlib import import_module

import pytest

from ingestion.choice import choose_contract
from ingestion.readers import FORMATS, TABLE_READERS, RejectedFile, first_rows, reader_for, reader_name, suffixes
from tests.ingestion.conftest import HEADER


@pytest.mark.parametrize(
    ("name", "content", "reader"),
    [
        ("a.csv", b"a;b", "csv"), ("A.CSV", b"a;b", "csv"), ("a.txt", b"a;b", "csv"), ("a.txt", b"", "csv"),
        ("a.txt", b"|0000|LECD|", "sped"), ("a.TXT", b"\xef\xbb\xbf|0000|017|", "sped"), ("a.sped", b"x", "sped"),
        ("a.txt", b"00100000         2", "cnab"), ("a.txt", b"02RETORNO01COBRANCA", "cnab"), ("a.ret", b"x", "cnab"),
        ("a.rem", b"01REMESSA", "cnab"), ("a.txt", b"\r\nOFXHEADER:100", "ofx"), ("a.ofx", b"x", "ofx"),
        ("a.txt", b"0010000;1", "csv"), ("a.xml", b"<x/>", "nfe"), ("a.json", b"[]", "json"), ("a.jsonl", b"", "json"),
        ("a.ndjson", b"", "json"), ("a.parquet", b"", "parquet"), ("a.xlsx", b"", "xlsx"), ("a.ods", b"", "ods"),
        ("a.zip", b"", "archive"), ("a.csv.gz", b"", "archive"),
    ],
)  # fmt: skip
def test_suffix_and_first_bytes_choose_the_reader(name, content, reader, tmp_path) -> None:
    (tmp_path / name).write_bytes(content)
    assert reader_name(tmp_path / name) == reader


@pytest.mark.parametrize("name", ["a.pdf", "a.xls", "a", ".csv", "a.docx", "a.csv.exe"])
def test_other_suffixes_are_refused_with_what_can_be_loaded(name, tmp_path) -> None:
    with pytest.raises(RejectedFile, match="not a kind of file") as refused:
        reader_name(tmp_path / name)
    assert all(suffix in refused.value.remedy for suffix in suffixes())


@pytest.mark.parametrize("kind", FORMATS, ids=lambda kind: kind.reader)
def test_every_format_has_its_module_class_and_headers(kind, tmp_path) -> None:
    (tmp_path / f"a{kind.suffixes[0]}").write_bytes(b"")
    reader = reader_for(tmp_path / f"a{kind.suffixes[0]}")
    assert type(reader).__name__ == kind.reader_class
    module = import_module(f"ingestion.readers.{kind.reader}")
    assert hasattr(module, "header_rows") is kind.is_table
    assert not (kind.is_table and kind.names_tables)


def test_formats_that_name_their_tables_have_no_header_rows(contracts, tmp_path) -> None:
    (tmp_path / "a.ret").write_bytes(b"x")
    assert first_rows(tmp_path / "a.ret", contracts["erp.payables"].dialect) == []


def test_a_contract_read_from_one_kind_of_table_is_read_from_all(contracts) -> None:
    assert set(TABLE_READERS) <= set(contracts["erp.payables"].readers)
    assert {"csv", "xlsx", "ods", "json", "parquet"} == set(TABLE_READERS)
    assert "cnab" not in contracts["erp.payables"].readers


def test_headers_below_a_title_choose_the_contract_too(contracts, tmp_path) -> None:
    path = tmp_path / "sem nome.csv"
    path.write_text(f"Relatório\n\n{HEADER}\n")
    unnamed = {name: replace(contract, files=()) for name, contract in contracts.items()}
    chosen = choose_contract(path, unnamed, None, None)
    assert chosen is not None
    assert chosen.name == "erp.payables"


def test_a_kind_of_file_that_the_table_is_not_exported_as(contracts, tmp_path) -> None:
    (tmp_path / "a.ret").write_bytes(b"00100000")
    with pytest.raises(RejectedFile, match=r"erp.payables is not exported as \.ret"):
        choose_contract(tmp_path / "a.ret", contracts, "erp.payables", None)
