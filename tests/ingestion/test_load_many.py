"""Many files in one call: archives member by member, fiscal documents in batches with a row of the book for each."""

from __future__ import annotations

import zipfile
from collections.abc import Callable
from pathlib import Path

import duckdb
import pytest

from ingestion.contracts import Contract
from ingestion.load_many import load_files
from ingestion.reports import FileReport
from tests.ingestion.conftest import HEADER, payable

LoadMany = Callable[..., list[FileReport]]
DOCUMENTS = "fiscal.fiscal_documents"


@pytest.fixture
def load_many(store: duckdb.DuckDBPyConnection, contracts: dict[str, Contract]) -> LoadMany:
    return lambda *paths, **options: load_files(store, paths, contracts, batch_id="many", **options)


def document(number: int, total: str = "10.00") -> bytes:
    """A small NF-e of one item; a total that is not the item's does not cross-foot."""
    key = f"3526111234567800019555001{number:09d}1{number:08d}0"
    return (
        '<?xml version="1.0" encoding="UTF-8"?><nfeProc xmlns="http://www.portalfiscal.inf.br/nfe" versao="4.00"><NFe>'
        f'<infNFe Id="NFe{key}" versao="4.00"><ide><cUF>35</cUF><natOp>Venda</natOp><mod>55</mod><serie>1</serie>'
        f"<nNF>{number}</nNF><dhEmi>2026-11-03T10:00:00-03:00</dhEmi><tpNF>1</tpNF><tpEmis>1</tpEmis><tpAmb>1</tpAmb>"
        "<finNFe>1</finNFe></ide><emit><CNPJ>12345678000195</CNPJ><xNome>Aurora</xNome></emit>"
        "<dest><CNPJ>98765432000198</CNPJ><xNome>Cliente</xNome></dest>"
        '<det nItem="1"><prod><cProd>A</cProd><xProd>Coisa</xProd><NCM>12345678</NCM><CFOP>5102</CFOP><uCom>UN</uCom>'
        "<qCom>1.0000</qCom><vUnCom>10.00</vUnCom><vProd>10.00</vProd><indTot>1</indTot></prod><imposto/></det>"
        f"<total><ICMSTot><vBC>0.00</vBC><vICMS>0.00</vICMS><vProd>{total}</vProd><vFrete>0.00</vFrete><vSeg>0.00</vSeg>"
        f"<vDesc>0.00</vDesc><vIPI>0.00</vIPI><vOutro>0.00</vOutro><vNF>{total}</vNF></ICMSTot></total></infNFe></NFe>"
        f'<protNFe versao="4.00"><infProt><tpAmb>1</tpAmb><chNFe>{key}</chNFe><dhRecbto>2026-11-03T10:00:05-03:00'
        "</dhRecbto><nProt>135260000000001</nProt><cStat>100</cStat><xMotivo>Autorizado</xMotivo></infProt></protNFe>"
        "</nfeProc>"
    ).encode()


def write_documents(folder: Path, count: int, first: int = 1) -> list[Path]:
    paths = [folder / f"nfe_{number:05d}.xml" for number in range(first, first + count)]
    for number, path in enumerate(paths, start=first):
        path.write_bytes(document(number))
    return paths


def rows(store: duckdb.DuckDBPyConnection, query: str) -> list[tuple[object, ...]]:
    return store.execute(query).fetchall()


def test_documents_are_one_transaction_and_a_row_of_the_book_each(load_many: LoadMany, store, tmp_path: Path) -> None:
    paths = write_documents(tmp_path, 30)
    (report,) = load_many(*paths)
    assert (report.state, report.members, report.paths) == ("loaded", 30, tuple(paths))
    by_table = {table.table: table for table in report.tables}
    assert by_table[DOCUMENTS].rows_loaded == 30
    # Each row leads to the file that it came from.
    found = rows(
        store, "select f.file_name, d.number from fiscal.fiscal_documents as d "
        "join load.files as f on f.file_id = d._file_id order by 1",
    )  # fmt: skip
    assert [(name, int(str(number))) for name, number in found] == [
        (path.name, place + 1) for place, path in enumerate(paths)
    ]
    tables = rows(store, "select count(*), count(distinct file_id), sum(rows_read), sum(rows_loaded) from load.tables "
                         "where table_name = 'fiscal_documents'")  # fmt: skip
    assert tables == [(30, 30, 30, 30)]
    (message,) = rows(store, "select message from load.files where file_id = 7")[0]
    assert str(message).startswith("nfe_00007.xml: fiscal.fiscal_documents: 1 rows read: 1 loaded")


def test_a_batch_again_is_unchanged_and_a_new_document_is_loaded(load_many: LoadMany, store, tmp_path: Path) -> None:
    paths = write_documents(tmp_path, 5)
    load_many(*paths)
    before = rows(store, "select * from fiscal.fiscal_document_items order by all")
    (again,) = load_many(*paths)
    assert again.state == "unchanged"
    assert {table.table: (table.rows_loaded, table.rows_unchanged) for table in again.tables}[DOCUMENTS] == (0, 5)
    assert rows(store, "select * from fiscal.fiscal_document_items order by all") == before
    more = write_documents(tmp_path, 2, first=6)
    (third,) = load_many(*paths, *more)
    assert third.state == "loaded"
    assert {table.table: (table.rows_loaded, table.rows_unchanged) for table in third.tables}[DOCUMENTS] == (2, 5)
    assert rows(store, "select state, count(*) from load.files group by 1 order by 1") == [
        ("loaded", 7), ("unchanged", 10),
    ]  # fmt: skip


def test_a_broken_document_is_refused_alone(load_many: LoadMany, store, tmp_path: Path) -> None:
    paths = write_documents(tmp_path, 3)
    broken = tmp_path / "nfe_broken.xml"
    broken.write_bytes(document(9)[:400])
    taken, refused = load_many(*paths[:2], broken, paths[2])
    assert (taken.state, taken.paths) == ("loaded", tuple(paths))
    assert (refused.state, refused.paths, refused.file_name) == ("rejected", (broken,), "nfe_broken.xml")
    assert rows(store, "select count(*) from fiscal.fiscal_documents") == [(3,)]
    assert rows(store, "select state from load.files where file_name = 'nfe_broken.xml'") == [("rejected",)]


def test_what_is_wrong_within_a_document_is_quarantined_by_file(load_many: LoadMany, store, tmp_path: Path) -> None:
    paths = write_documents(tmp_path, 3)
    paths[1].write_bytes(document(2, total="99.00"))
    (report,) = load_many(*paths)
    assert sum(table.rows_quarantined for table in report.tables) > 0
    assert {problem.message.partition(",")[0] for problem in report.quarantine} == {"nfe_00002.xml"}
    assert rows(store, "select distinct f.file_name from load.quarantine join load.files as f using (file_id)") == [
        ("nfe_00002.xml",)
    ]
    wrong = rows(
        store, "select file_id from load.tables where rows_read <> rows_loaded + rows_unchanged + rows_quarantined"
    )
    assert wrong == []


def test_the_same_document_twice_in_a_batch_counts_once(load_many: LoadMany, store, tmp_path: Path) -> None:
    (path,) = write_documents(tmp_path, 1)
    other = tmp_path / "copy.xml"
    other.write_bytes(path.read_bytes() + b"\n")
    (report,) = load_many(path, other)
    documents = next(table for table in report.tables if table.table == DOCUMENTS)
    assert (documents.rows_read, documents.rows_loaded, documents.rows_unchanged) == (2, 1, 1)
    assert rows(store, "select count(*) from fiscal.fiscal_documents") == [(1,)]


def test_members_of_an_archive_are_files_of_their_own(load_many: LoadMany, store, tmp_path: Path) -> None:
    archive = tmp_path / "novembro.zip"
    with zipfile.ZipFile(archive, "w") as package:
        package.writestr("payables_a.csv", "\n".join([HEADER, payable(), payable(document="NF-2", due="x")]))
        package.writestr("sub/payables_b.csv", "\n".join([HEADER, payable(document="NF-3")]))
        package.writestr("nfe/1.xml", document(1))
        package.writestr("nfe/2.xml", document(2))
        package.writestr("leia-me.pdf", b"%PDF-1.4")
    reports = load_many(archive)
    assert all(report.paths == (archive,) for report in reports)
    assert {report.file_name: report.state for report in reports} == {
        "novembro.zip/payables_a.csv": "loaded", "novembro.zip/sub/payables_b.csv": "loaded",
        "novembro.zip/leia-me.pdf": "rejected", "novembro.zip": "loaded",
    }  # fmt: skip
    assert reports[0].quarantine[0].message.startswith("novembro.zip/payables_a.csv, line 3: ")
    names = [name for (name,) in rows(store, "select file_name from load.files where state = 'loaded' order by 1")]
    assert names == ["novembro.zip/nfe/1.xml", "novembro.zip/nfe/2.xml", "novembro.zip/payables_a.csv",
                     "novembro.zip/sub/payables_b.csv"]  # fmt: skip
    again = load_many(archive)
    assert {report.state for report in again} == {"unchanged", "rejected"}


def test_late_knowledge_refuses_the_batch_and_changes_nothing(load_many: LoadMany, store, tmp_path: Path) -> None:
    from datetime import datetime

    (path,) = write_documents(tmp_path, 1)
    load_many(path, knowledge_at=datetime(2026, 11, 2))
    changed = tmp_path / "other.xml"
    changed.write_bytes(document(1).replace(b"Cliente", b"Outro"))
    (report,) = load_many(changed, knowledge_at=datetime(2026, 11, 1))
    assert report.state == "rejected"
    assert "later times" in report.message
    assert rows(store, "select count(*), count(*) filter (_valid_to is null) from fiscal.fiscal_documents") == [(1, 1)]


MAPPING = """
table: fiscal.fiscal_documents
match: ["{match}"]
constants: {{company: "01"}}
lookups:
  business_unit:
    from: issuer_tax_id
    values: {{"12345678000195": {unit}}}
"""
UNITS = "select distinct company, business_unit from fiscal."


def write_mapping(folder: Path, match: str, unit: str, name: str = "notas") -> Path:
    folder.mkdir(exist_ok=True)
    path = folder / f"{name}.yml"
    path.write_text(MAPPING.format(match=match, unit=unit), encoding="utf-8")
    return path


@pytest.mark.parametrize("way", ["folder", "given", "archive"])
def test_documents_take_company_and_unit_of_their_mapping(load_many: LoadMany, store, tmp_path: Path, way: str) -> None:
    paths = write_documents(tmp_path, 3)
    match = {"folder": "nfe_*.xml", "given": "nothing", "archive": "notas_2026*.zip"}[way]
    written = write_mapping(tmp_path / "mappings", match, "MTZ")
    if way == "archive":
        archive = tmp_path / "notas_2026_11.zip"
        with zipfile.ZipFile(archive, "w") as packed:
            for path in paths:
                packed.write(path, f"saida/{path.name}")
        paths = [archive]
    options = {"mapping": written} if way == "given" else {"mappings_dir": tmp_path / "mappings"}
    (report,) = load_many(*paths, **options)
    assert report.state == "loaded", report.message
    assert rows(store, f"{UNITS}fiscal_documents") == [("01", "MTZ")]
    # An item has no issuer of its own: it is where its document is.
    assert rows(store, f"{UNITS}fiscal_document_items") == [("01", "MTZ")]


def test_each_document_of_a_folder_is_read_by_the_mapping_of_its_name(
    load_many: LoadMany, store, tmp_path: Path
) -> None:
    paths = write_documents(tmp_path, 4)
    write_mapping(tmp_path / "mappings", "nfe_00001.xml", "MTZ", "one")
    write_mapping(tmp_path / "mappings", "nfe_00002.xml", "SUL", "two")
    write_mapping(tmp_path / "mappings", "nfe_*2.xml", "NE", "two_as_well")
    reports = load_many(*paths, mappings_dir=tmp_path / "mappings")
    found = rows(store, "select number::int, company, business_unit from fiscal.fiscal_documents order by 1")
    assert found == [(1, "01", "MTZ"), (3, "unassigned", "unassigned"), (4, "unassigned", "unassigned")]
    (refused,) = [report for report in reports if report.state == "rejected"]
    assert refused.file_name == "nfe_00002.xml"
    assert "two.yml and two_as_well.yml" in refused.message
    assert rows(store, "select count(*) from load.files where state = 'rejected'") == [(1,)]


def test_a_mapping_with_a_mistake_refuses_the_documents_and_says_where(
    load_many: LoadMany, store, tmp_path: Path
) -> None:
    paths = write_documents(tmp_path, 2)
    write_mapping(tmp_path / "mappings", "nfe_*", "MTZ").write_text("table: fiscal.notes\n", encoding="utf-8")
    reports = load_many(*paths, mappings_dir=tmp_path / "mappings")
    assert {report.state for report in reports} == {"rejected"}
    assert "notas.yml" in reports[0].message
    assert rows(store, "select count(*) from fiscal.fiscal_documents") == [(0,)]


def test_a_mapping_that_came_later_corrects_the_documents_and_doubles_none(
    load_many: LoadMany, store, tmp_path: Path
) -> None:
    paths = write_documents(tmp_path, 3)
    load_many(*paths, mappings_dir=tmp_path / "mappings")
    write_mapping(tmp_path / "mappings", "nfe_*", "MTZ")
    load_many(*paths, mappings_dir=tmp_path / "mappings")
    for table in ("fiscal_documents", "fiscal_document_items"):
        found = rows(store, f"select business_unit, count(*) from fiscal.{table} where _valid_to is null group by 1")
        assert found == [("MTZ", 3)], table


def test_documents_of_one_name_in_two_folders_are_refused_one_by_one(
    load_many: LoadMany, store, tmp_path: Path
) -> None:
    paths = []
    for number, folder in enumerate(("a", "b"), start=1):
        (tmp_path / folder).mkdir()
        paths.append(tmp_path / folder / "nfe.xml")
        paths[-1].write_bytes(document(number))
    for name in ("one", "two"):
        write_mapping(tmp_path / "mappings", "nfe*.xml", "MTZ", name)
    reports = load_many(*paths, mappings_dir=tmp_path / "mappings")
    assert [report.paths for report in reports] == [(path,) for path in paths]
    assert rows(store, "select count(*) from load.files where state = 'rejected'") == [(2,)]


def test_a_held_member_is_confirmed_with_its_archive(load_many: LoadMany, tmp_path: Path) -> None:
    def packed(count: int) -> Path:
        lines = ["Empresa;Unidade;Fornecedor;Nome;Ativo", *(f"01;MTZ;F{place};Nome;sim" for place in range(count))]
        archive = tmp_path / f"erp_{count}.zip"
        with zipfile.ZipFile(archive, "w") as package:
            package.writestr("sub/suppliers.csv", "\n".join(lines))
        return archive

    assert load_many(packed(40))[0].state == "loaded"
    (report,) = load_many(packed(20))
    assert report.state == "held"
    assert 'retaguarda load "erp_20.zip" --confirm' in report.remedy
