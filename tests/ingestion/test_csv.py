"""CSV files: what is refused whole and with which words, what is quarantined, and on which line."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from decimal import Decimal

import duckdb
import pytest

from ingestion import hashing
from ingestion.readers import text_scan
from ingestion.reports import FileReport
from tests.ingestion.conftest import HEADER, payable

Load = Callable[..., FileReport]
GOOD = f"{HEADER}\n{payable()}\n".encode()


def amounts(store: duckdb.DuckDBPyConnection) -> list[tuple[object, ...]]:
    return store.execute("select document, _line, amount_brl, category from erp.payables order by _line").fetchall()


@pytest.mark.parametrize(
    ("content", "message", "remedy"),
    [
        (b"", "payables_2026_07.csv: the file is empty.", "Export it again"),
        (b"\xef\xbb\xbf \r\n\r\n", "payables_2026_07.csv: the file is empty.", "Export it again"),
        (b"<!doctype html><html><body>Sess\xe3o expirada</body>", 'it starts with "<"', "Open it in a browser"),
        (b"\xef\xbb\xbf\n <?xml version='1.0'?>", 'it starts with "<"', "Open it in a browser"),
        (GOOD.replace(b";", b","), "one column where several were promised", "with a semicolon"),
        (GOOD.replace(b";", b","), "It seems to use a comma.", "mapping"),
        (GOOD.replace(b"Vencimento;", b"Vence em;"), 'the required header "Vencimento" is missing', "mapping"),
        (GOOD.replace(b"Valor;", b"Montante;").replace(b"Vencimento;", b"X;"),
         'the required headers "Vencimento", "Valor" are missing', "mapping"),
        (GOOD.replace(b"Categoria", b"valor "), 'the header "valor" stands twice', "Rename or remove"),
        (GOOD.replace(b"Categoria", b"Natureza").replace(b"Centro de Custo", b"Categoria"),
         'the headers "Categoria" and "Natureza" both stand for category', "mapping"),
        (b"a;b;c\n1;2;3\n", "none of the headers of erp.payables is in the file", "template"),
        (GOOD.decode().encode("utf-16"), "the file is in UTF-16", 'Save it again as "CSV UTF-8"'),
        (GOOD.decode().encode("utf-16-le"), "NUL bytes", "CSV UTF-8"),
        (GOOD + b"01;\x00;\n", "payables_2026_07.csv, line 3: the file holds a NUL byte", "export it again"),
        (GOOD + "é".encode("cp1252") + b"\n\x00;\n", "payables_2026_07.csv, line 4: the file holds a NUL byte", "again"),
        (GOOD + "é".encode("cp1252") + b"\x81\n", "payables_2026_07.csv, line 3: the byte 0x81 is neither", "CSV UTF-8"),
        (b"PK\x03\x04" + GOOD, "the file is an Excel workbook", "Rename it to .xlsx"),
        (b"%PDF-1.7" + GOOD, "the file is a PDF document", "Export the data itself"),
    ],
)  # fmt: skip
def test_a_file_that_is_not_what_it_claims_is_refused_whole(
    load: Load, store: duckdb.DuckDBPyConnection, content: bytes, message: str, remedy: str
) -> None:
    report = load(content)
    assert report.state == "rejected"
    assert message in report.message
    assert remedy in report.remedy
    assert store.execute("select count(*) from erp.payables").fetchall() == [(0,)]
    assert store.execute("select state, message, remedy, file_name from load.files").fetchall() == [
        ("rejected", report.message, report.remedy, "payables_2026_07.csv")
    ]


def test_file_of_unknown_name_is_found_by_its_headers_or_refused(load: Load) -> None:
    assert load([payable()], name="export_final.csv").tables[0].table == "erp.payables"
    refused = load(b"a;b\n1;2\n", name="other.csv")
    assert refused.state == "rejected"
    assert "neither its name nor its headers" in refused.message
    assert load([payable(document="2")], name="export.csv", table="payables").state == "loaded"
    assert "there is no table" in load([payable()], name="export.csv", table="payments").message
    assert "not a kind of file" in load([payable()], name="payables.docx").message


@pytest.mark.parametrize(
    ("content", "says"),
    [
        ("Fornecedor;Documento;Vencimento;Valor;Filial", "Nearest is erp.payables (Contas a pagar), which also needs"),
        ("a;b", 'It begins with "a", "b".'),
        (";".join(f"coluna {number}" for number in range(400)), 'It begins with "coluna 0", "coluna 1"'),
    ],
)
def test_a_file_that_no_contract_fits_is_told_briefly_with_its_remedy(load: Load, content: str, says: str) -> None:
    refused = load(f"{content}\n{';' * content.count(';')}\n".encode(), name="meu título.csv")
    assert refused.state == "rejected"
    assert refused.message.startswith("meu título.csv: ")
    assert says in refused.message
    assert refused.remedy == (
        "Run `retaguarda map 'meu título.csv'`, which proposes how to load it; or say which with --as TABLE."
    )
    assert len(refused.message) < 300
    assert "\n" not in refused.message + refused.remedy


def test_a_table_that_is_not_known_is_told_with_those_like_it(load: Load) -> None:
    refused = load([payable()], name="export.csv", table="payable")
    assert refused.remedy == "Did you mean erp.payables or people.payroll?"
    assert len(load([payable()], name="export.csv", table="xyz").remedy) < 200


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252"])
@pytest.mark.parametrize("line_end", ["\n", "\r\n", "\r"])
def test_encodings_and_line_ends(load: Load, store: duckdb.DuckDBPyConnection, encoding: str, line_end: str) -> None:
    text = line_end.join([HEADER, payable(category="Manutenção"), payable(document="NF-2", category="Ação"), ""])
    report = load(text.encode(encoding))
    assert (report.state, report.encoding) == ("loaded", encoding)
    assert [(row[1], row[3]) for row in amounts(store)] == [(2, "Manutenção"), (3, "Ação")]


@pytest.mark.parametrize("end", ["ÿ", "€"])  # Latin-1 as well, which is decoded as such; only Windows-1252
def test_every_letter_of_windows_1252_arrives_in_good_rows_and_in_bad_ones(
    load: Load, store: duckdb.DuckDBPyConnection, end: str
) -> None:
    letters = bytes(range(0xA1, 0x100)).decode("cp1252") + end
    bad = [payable(document=f"NF-{number}", category=letters, amount="12,3x") for number in (3, 5)]
    lines = [HEADER, payable(category=letters), bad[0], payable(document="NF-4"), bad[1]]
    report = load("\n".join(lines).encode("cp1252"))
    assert (report.encoding, report.tables[0].rows_quarantined) == ("cp1252", 2)
    assert [(row[1], row[3]) for row in amounts(store)] == [(2, letters), (4, "Serviços")]
    assert store.execute("select line, raw_line from load.quarantine order by line").fetchall() == [
        (3, bad[0]), (5, bad[1]),
    ]  # fmt: skip


def test_a_file_hashed_beside_its_reading_is_known_when_it_comes_again(
    load: Load, store: duckdb.DuckDBPyConnection, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(hashing, "LARGE_BYTES", 0)
    assert [load(GOOD).state, load(GOOD).state, load(b"<html>").state] == ["loaded", "unchanged", "rejected"]
    sums = [hashlib.sha256(content).hexdigest() for content in (GOOD, GOOD, b"<html>")]
    assert [row[0] for row in store.execute("select sha256 from load.files order by file_id").fetchall()] == sums


def test_each_problem_has_line_column_value_reason_remedy_and_raw_line(
    load: Load, store: duckdb.DuckDBPyConnection
) -> None:
    bad = payable(document="NF-2", due="32/07/2026", amount="12.34", status="Abrto")
    report = load([payable(), bad, payable(document="NF-3")])
    assert [problem.message for problem in report.quarantine] == [
        'payables_2026_07.csv, line 3: Vencimento "32/07/2026" is not a date (dd/mm/aaaa). Row quarantined.',
        'payables_2026_07.csv, line 3: Valor "12.34" is not an amount (1.234,56). Row quarantined.',
        'payables_2026_07.csv, line 3: Situação "Abrto" is not one of Aberto, Pago, Cancelado. Row quarantined.',
    ]
    assert store.execute("select distinct line, raw_line from load.quarantine").fetchall() == [(3, bad)]
    assert store.execute("select column_name, value from load.quarantine order by rowid").fetchall() == [
        ("due_date", "32/07/2026"), ("amount_brl", "12.34"), ("status", "Abrto"),
    ]  # fmt: skip
    assert all(problem.remedy for problem in report.quarantine)
    assert (report.tables[0].rows_read, report.tables[0].rows_loaded, report.tables[0].rows_quarantined) == (3, 2, 1)
    assert "leave out 1 value that cannot be read" in report.message


def test_rows_with_too_many_or_too_few_fields_are_never_cut_or_filled(
    load: Load, store: duckdb.DuckDBPyConnection
) -> None:
    report = load([payable(), payable(document="NF-2") + ";extra", payable(document="NF-3").rsplit(";", 2)[0]])
    assert [(problem.line, problem.reason) for problem in report.quarantine] == [
        (3, "has 16 fields where the header has 15"),
        (4, "has 13 fields where the header has 15"),
    ]
    assert [row[0] for row in amounts(store)] == ["NF-1"]


def test_lines_are_the_files_own_despite_quotes_line_ends_and_blank_lines(
    load: Load, store: duckdb.DuckDBPyConnection
) -> None:
    report = load(
        [
            payable(document="a", category='"Serviços; gerais"'),
            payable(document="b", category='"duas\nlinhas ""e"" aspas"'),
            "",
            payable(document="c", category='tubo 3/4"'),
            payable(document="d", due="x", category='"três\n\nlinhas"'),
            payable(document="e", category='""'),
        ]
    )
    assert amounts(store) == [
        ("a", 2, Decimal("1210.00"), "Serviços; gerais"),
        ("b", 3, Decimal("1210.00"), 'duas\nlinhas "e" aspas'),
        ("c", 6, Decimal("1210.00"), 'tubo 3/4"'),
        ("e", 10, Decimal("1210.00"), None),
    ]
    assert [problem.line for problem in report.quarantine] == [7]
    assert report.tables[0].rows_read == 5


def test_a_quote_that_never_closes_says_which_lines_it_swallowed(load: Load) -> None:
    report = load([payable(), payable(document="b", category='"aberta'), payable(document="c"), payable(document="d")])
    assert [(problem.line, problem.reason) for problem in report.quarantine] == [
        (3, "a quote is not closed properly: lines 3 to 5 were read as one row")
    ]
    assert report.tables[0].rows_loaded == 1


def test_lines_of_a_long_file_are_right_in_both_ways(load: Load, store: duckdb.DuckDBPyConnection) -> None:
    # Long enough to be read in pieces; a broken row near the end sends the second file the careful way.
    rows = 120_000
    lines = [payable(document=str(number)) for number in range(rows)]
    assert load(lines).tables[0].rows_loaded == rows
    wrong = "select count(*) from erp.payables where cast(document as bigint) + 2 <> _line"
    assert store.execute(wrong).fetchall() == [(0,)]
    changed = [payable(document=str(number), amount="2,00") for number in range(rows)]
    changed[rows - 7] = "broken"
    second = load(changed, name="payables_2026_08.csv")
    assert second.tables[0].rows_versioned == rows - 1
    assert [problem.line for problem in second.quarantine] == [rows - 5]
    assert store.execute(wrong + " and _valid_to is null").fetchall() == [(0,)]


def test_headers_without_case_accents_or_order_and_columns_left_out(
    load: Load, store: duckdb.DuckDBPyConnection
) -> None:
    header = "SITUACAO;valor;data de vencimento;Entrada;emissao;parcela;documento;fornecedor;unidade;Empresa;Observação"
    report = load(["Pago;10,00;03/07/2026;03/06/2026;01/06/2026;2;NF-9;F1;MTZ;01;oi"], header=header)
    assert store.execute("select document, instalment, amount_brl, status, disputed from erp.payables").fetchall() == [
        ("NF-9", 2, Decimal("10.00"), "paid", None)
    ]
    assert 'Not in the contract, and not loaded: "Observação".' in report.message


def test_a_header_without_rows_is_loaded_as_nothing(load: Load) -> None:
    report = load([])
    assert (report.state, report.tables[0].rows_read) == ("loaded", 0)
    assert "The file has a header and no rows." in report.message


def test_files_that_were_put_together_leave_no_byte_order_mark_in_a_value(
    load: Load, store: duckdb.DuckDBPyConnection
) -> None:
    first, second = (f"{text}\n".encode("utf-8-sig") for text in (HEADER + "\n" + payable(), payable(document="NF-2")))
    report = load(first + second)
    assert (report.encoding, report.tables[0].rows_loaded) == ("utf-8-sig", 2)
    assert store.execute("select distinct company from erp.payables").fetchall() == [("01",)]
    mixed = load(f"{HEADER}\n{payable()}\n".encode("cp1252") + second, name="payables_mixed.csv")
    assert (mixed.state, mixed.message) == (
        "rejected",
        "payables_mixed.csv, line 3: two encodings are mixed: a text in UTF-8 begins there, and other lines are "
        "Windows-1252.",
    )


def test_the_end_mark_of_old_programs_is_no_row(load: Load) -> None:
    report = load(f"{HEADER}\r\n{payable()}\r\n\x1a".encode("cp1252"))
    assert (report.tables[0].rows_read, report.tables[0].rows_loaded) == (1, 1)


@pytest.mark.parametrize("encoding", ["utf-8", "cp1252"])
@pytest.mark.parametrize("after", [b"", b"\n", b"\nx;y\n"])
def test_a_line_longer_than_any_row_is_named(load: Load, monkeypatch, after: bytes, encoding: str) -> None:
    monkeypatch.setattr(text_scan, "LONGEST_LINE_BYTES", 300_000)
    long = payable(category="ã" * 100 + "x" * 300_000).encode(encoding)
    report = load("\n".join([HEADER, payable(category="x" * 299_000), ""]).encode(encoding) + long + after)
    assert report.state == "rejected"
    assert report.message.startswith("payables_2026_07.csv, line 3: the line has 300,")
    assert report.remedy
