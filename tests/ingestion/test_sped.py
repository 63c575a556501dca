"""SPED: ledgers and tax bookkeepings come out whole, or the file is refused because its own counts do not hold."""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Callable
from decimal import Decimal
from pathlib import Path

import duckdb
import pytest

from ingestion.contracts import Contract
from ingestion.load import load_file
from ingestion.reports import FileReport

Load = Callable[..., FileReport]
REALDATA = Path(os.environ.get("RETAGUARDA_REALDATA", Path(__file__).parents[3] / "shared" / "realdata"))

# A ledger of layout 9: a chart of two levels, two months, sales, salaries, and the closing of the year.
LEDGER = """\
|0000|LECD|01012025|31122025|Distribuidora Aurora Ltda|12ABC34501DE35|SP|110042490114|3550308||||0|0||0|0||N|N|0|0|1|
|0001|0|
|0990|3|
|I001|0|
|I010|G|9.00|
|I030|TERMO DE ABERTURA|1|DIARIO GERAL|40|Distribuidora Aurora Ltda|35200000000|12ABC34501DE35|01012010||SAO PAULO|31122025|
|I050|01012025|01|S|1|1||ATIVO|
|I050|01012025|01|A|2|1.1|1|Caixa e depósitos à vista|
|I050|01012025|03|A|2|2.1||Lucros acumulados|
|I050|01012025|04|S|1|3||RESULTADO|
|I050|01012025|04|A|2|3.1|3|Receita de vendas|
|I050|01012025|04|A|2|3.2|3|Salários|
|I100|01012025|ADM|Administração|
|I150|01012025|31012025|
|I155|1.1||1000,00|D|5000,00|1200,50|4799,50|D|
|I155|2.1||1000,00|C|0,00|0,00|1000,00|C|
|I155|3.1||0,00|C|0,00|5000,00|5000,00|C|
|I155|3.2|ADM|0,00|D|1200,50|0,00|1200,50|D|
|I150|01122025|31122025|
|I155|2.1||1000,00|C|0,00|3799,50|4799,50|C|
|I155|3.1||5000,00|C|5000,00|0,00|0,00|C|
|I155|3.2|ADM|1200,50|D|0,00|1200,50|0,00|D|
|I200|1|10012025|5000,00|N||
|I250|1.1||5000,00|D|||Venda à vista nº 1||
|I250|3.1||5000,00|C|||Venda à vista nº 1||
|I200|2|31012025|1200,50|N||
|I250|3.2|ADM|1200,50|D|||Folha de janeiro||
|I250|1.1||1200,50|C|||Folha de janeiro||
|I200|900|31122025|5000,00|E||
|I250|3.1||5000,00|D|||Encerramento||
|I250|3.2|ADM|1200,50|C|||Encerramento||
|I250|2.1||3799,50|C|||Encerramento||
|I350|31122025|
|I355|3.1||5000,00|C|
|I355|3.2|ADM|1200,50|D|
|I990|33|
|9001|0|
"""
BOOKKEEPING = """\
|0000|019|0|01112026|30112026|Distribuidora Aurora Ltda|12ABC34501DE35||SP|110042490114|3550308|||A|1|
|0001|0|
|C001|0|
|C100|1|0|C77|55|00|1|1001|35261112ABC34501DE35550010000010011000010010|03112026|03112026|118,00|1|0,00||100,00|9||||100,00|18,00|||18,00|1,65|7,60|||
|C190|000|5102|18,00|118,00|100,00|18,00||||18,00||
|C100|1|0||55|02|1|1002|35261112ABC34501DE35550010000010021000010020|||||||||||||||||||||
|D001|0|
|D100|0|1|T5|57|00|1||991|35261155555555555555570010000009911000009910|04112026|05112026|0||50,00||1|50,00|50,00|6,00|0,00|||3550308|3550308|
|D190|000|1353|12,00|50,00|50,00|6,00|0,00||
|9001|0|
"""


def counted(records: str, *, lines: int = 0, **wrong: int) -> bytes:
    """The file with its 9900, 9990 and 9999; `wrong` are counts of records to be told wrongly."""
    body = [line for line in records.splitlines() if line.startswith("|")]
    counts = Counter(line.split("|")[1] for line in body)
    kinds = [*counts, "9900", "9990", "9999"]
    told = {kind: {"9900": len(kinds)}.get(kind, counts.get(kind, 1)) for kind in kinds} | wrong
    end = [f"|9900|{kind}|{told[kind]}|" for kind in kinds]
    end.append(f"|9990|{len(end) + 3}|")
    end.append(f"|9999|{lines or len(body) + len(end) + 1}|")
    return (records + "\n".join(end) + "\n").replace("\n", "\r\n").encode("cp1252")


def rows(store: duckdb.DuckDBPyConnection, query: str) -> list[tuple[object, ...]]:
    return store.execute(query).fetchall()


def test_a_ledger(load: Load, store: duckdb.DuckDBPyConnection) -> None:
    report = load(counted(LEDGER), name="ecd_2025.txt")
    assert report.state == "loaded", report.message
    assert not report.quarantine, report.quarantine
    assert {table.table: (table.rows_loaded, table.control_loaded) for table in report.tables} == {
        "erp.journal_lines": (7, Decimal("11200.50")),
        "fiscal.ledger_balances": (7, Decimal("11200.50")),
        "erp.accounts": (6, None),
    }
    assert "Debits and credits of the entries (11,200.50, 11,200.50) and of the balances (11,200.50, 11,200.50) agree." \
        in report.message  # fmt: skip
    assert rows(
        store,
        "select company, entry_id, line_number, cast(posting_date as varchar), period, account, debit_brl, credit_brl, "
        "entry_kind, source from erp.journal_lines where entry_id <> '202501/2' order by entry_id, line_number",
    ) == [
        ("12ABC34501DE35", "202501/1", 1, "2025-01-10", "2025-01", "1.1", Decimal("5000.00"), Decimal("0.00"), "normal",
         "unknown"),
        ("12ABC34501DE35", "202501/1", 2, "2025-01-10", "2025-01", "3.1", Decimal("0.00"), Decimal("5000.00"), "normal",
         "unknown"),
        ("12ABC34501DE35", "202501/900", 1, "2025-12-31", "2025-12", "3.1", Decimal("5000.00"), Decimal("0.00"),
         "closing", "unknown"),
        ("12ABC34501DE35", "202501/900", 2, "2025-12-31", "2025-12", "3.2", Decimal("0.00"), Decimal("1200.50"),
         "closing", "unknown"),
        ("12ABC34501DE35", "202501/900", 3, "2025-12-31", "2025-12", "2.1", Decimal("0.00"), Decimal("3799.50"),
         "closing", "unknown"),
    ]  # fmt: skip
    # Without its closing entries, the year has its result; with them it is zero.
    result = "select sum(credit_brl - debit_brl) from erp.journal_lines where account like '3%'"
    assert rows(store, f"{result} and entry_kind = 'normal'") == [(Decimal("3799.50"),)]
    assert rows(store, result) == [(Decimal("0.00"),)]
    assert rows(store, "select account, name, nature, parent_account from erp.accounts order by account") == [
        ("1", "ATIVO", "asset", None),
        ("1.1", "Caixa e depósitos à vista", "asset", "1"),
        ("2.1", "Lucros acumulados", "equity", None),
        ("3", "RESULTADO", "result", None),
        ("3.1", "Receita de vendas", "revenue", "3"),
        ("3.2", "Salários", "expense", "3"),
    ]
    assert rows(
        store,
        "select cast(period_end as varchar), account, cost_centre, opening_balance_brl, closing_balance_brl "
        "from fiscal.ledger_balances where account in ('2.1', '3.2') order by all",
    ) == [
        ("2025-01-31", "2.1", "none", Decimal("-1000.00"), Decimal("-1000.00")),
        ("2025-01-31", "3.2", "ADM", Decimal("0.00"), Decimal("1200.50")),
        ("2025-12-31", "2.1", "none", Decimal("-1000.00"), Decimal("-4799.50")),
        ("2025-12-31", "3.2", "ADM", Decimal("1200.50"), Decimal("0.00")),
    ]


def test_a_signed_ledger_goes_on_with_its_signature(load: Load) -> None:
    report = load(counted(LEDGER) + b"SBRCAAEPDR\x00\x01\xff|not|a|record|\r\n\x80\x81", name="ecd_assinada.txt")
    assert report.state == "loaded", report.message
    assert sum(table.rows_loaded for table in report.tables) == 20


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (counted(LEDGER, I250=8), "9900 says 8 records I250, and there are 7"),
        (counted(LEDGER, I355=0), "9900 says 0 records I355, and there are 2"),
        (counted(LEDGER).replace(b"|9900|I155|7|\r\n", b""), "9900 says 0 records I155, and there are 7"),
        (counted(LEDGER, lines=9), "9999 says 9 lines, and there are"),
        (counted(LEDGER).replace(b"|I250|1.1||5000,00|D|||Venda \xe0 vista n\xba 1||\r\n", b""), "records I250"),
        (counted(LEDGER)[:-40], "has no record 9999: the file was cut"),
        (counted(LEDGER) + b"|I200|3|01022025|1,00|N||\r\n", "there are lines after record 9999"),
        (counted(LEDGER).replace(b"LECD", b"LECF"), "is an income tax bookkeeping (ECF)"),
        (counted(LEDGER).replace(b"LECD", b"XXXX"), "0000 is neither that of an ECD"),
        (counted(LEDGER).replace(b"|01012025|31122025|D", b"|2025-01-01|31122025|D"), "0000 names no period"),
        (counted("|0000|LECD|01012025|31122025|A|12ABC34501DE35|SP|\n|0001|0|\n"), "without movement"),
    ],
)
def test_a_file_that_contradicts_itself_is_refused(
    load: Load, store: duckdb.DuckDBPyConnection, content: bytes, words: str
) -> None:
    report = load(content, name="ecd.txt")
    assert report.state == "rejected"
    assert words in report.message, report.message
    assert report.remedy
    assert not rows(store, "select * from erp.journal_lines")


@pytest.mark.parametrize(
    ("before", "after", "reasons"),
    [
        ("5000,00|C|||Venda", "4999,99|C|||Venda",
         {"the entry 1 has debits of 5000.00 and credits of 4999.99": 2}),
        ("|I250|1.1||1200,50|C|||Folha de janeiro||", "|I250|1.1||1200,50|X|||Folha de janeiro||",
         {'IND_DC "X" is neither D nor C': 1, "another line of the entry 2 cannot be read": 1}),
        ("|I250|1.1||1200,50|C|||Folha de janeiro||", "|I250|1.1|",
         {"I250 has too few fields": 1, "another line of the entry 2 cannot be read": 1}),
        ("Folha de janeiro||\n|I250|1.1", "Folha de\njaneiro||\n|I250|1.1",
         {"I250 has too few fields": 1, "the line is no record of a SPED file": 1,
          "another line of the entry 2 cannot be read": 1}),
        ("|I200|2|31012025|1200,50|N||", "|I200|2|", {"the entry in line 26 has too few fields": 2}),
        ("|I155|2.1||1000,00|C|0,00|0,00|1000,00|C|", "|I155|2.1||1000,00|C|0,00|0,01|1000,00|C|",
         {"opening balance, debits and credits do not give the closing balance": 1}),
        ("|I050|01012025|03|A|2|2.1||Lucros acumulados|", "|I050|01012025|03|A|2|2.1|",
         {"I050 has too few fields": 1}),
        ("10012025|5000,00", "31022025|5000,00", {'DT_LCTO "31022025" is not a date (ddmmaaaa)': 2}),
    ],
)  # fmt: skip
def test_broken_lines_are_quarantined_with_their_line(
    load: Load, store: duckdb.DuckDBPyConnection, before: str, after: str, reasons: dict[str, int]
) -> None:
    changed = LEDGER.replace(before, after, 1)
    assert changed != LEDGER
    report = load(counted(changed), name="ecd.txt")
    assert report.state == "loaded", report.message
    found = rows(store, "select reason, count(*) from load.quarantine group by reason")
    assert dict(found) == reasons  # type: ignore[arg-type]
    for line, raw_line in rows(store, "select line, raw_line from load.quarantine"):
        assert changed.splitlines()[int(str(line)) - 1] == raw_line
    assert all(
        table.rows_read == table.rows_loaded + table.rows_quarantined and
        (table.control_read is None or table.control_read == (table.control_loaded or 0) + (table.control_quarantined or 0))
        for table in report.tables
    )  # fmt: skip


def test_a_tax_bookkeeping(load: Load, store: duckdb.DuckDBPyConnection) -> None:
    report = load(counted(BOOKKEEPING), name="efd_2026_11.txt")
    assert report.state == "loaded", report.message
    assert not report.quarantine, report.quarantine
    assert rows(
        store,
        "select record_number, record_type, direction, issued_by, model, situation, number, cast(document_date as "
        "varchar), total_brl, icms_brl, establishment_tax_id, bookkeeping from fiscal.bookkeeping_documents order by 1",
    ) == [
        (4, "C100", "exit", "own", "55", "00", "1001", "2026-11-03", Decimal("118.00"), Decimal("18.00"),
         "12ABC34501DE35", "icms_ipi"),
        (6, "C100", "exit", "own", "55", "02", "1002", None, None, None, "12ABC34501DE35", "icms_ipi"),
        (8, "D100", "entry", "third_party", "57", "00", "991", "2026-11-04", Decimal("50.00"), Decimal("6.00"),
         "12ABC34501DE35", "icms_ipi"),
    ]  # fmt: skip
    assert rows(
        store,
        "select record_number, record_type, tax, situation_code, cfop, rate, operation_brl, base_brl, amount_brl "
        "from fiscal.bookkeeping_details order by 1",
    ) == [
        (4, "C190", "icms", "000", "5102", Decimal("18"), Decimal("118.00"), Decimal("100.00"), Decimal("18.00")),
        (8, "D190", "icms", "000", "1353", Decimal("12"), Decimal("50.00"), Decimal("50.00"), Decimal("6.00")),
    ]
    assert "1 C100 of 118.00 and their C190 of 118.00 agree." in report.message


def test_the_same_period_again_versions_what_changed(load: Load, store: duckdb.DuckDBPyConnection) -> None:
    load(counted(BOOKKEEPING), name="efd_2026_11.txt")
    report = load(counted(BOOKKEEPING.replace("118,00|1|0,00||100,00", "119,00|1|0,00||101,00")), name="efd_b.txt")
    documents = report.tables[0]
    assert (documents.rows_versioned, documents.rows_unchanged) == (1, 2)


def test_a_mapping_gives_the_company_its_code(load: Load, store: duckdb.DuckDBPyConnection, tmp_path: Path) -> None:
    mapping = tmp_path / "sped.yml"
    mapping.write_text("table: erp.journal_lines\nconstants:\n  company: '01'\n  business_unit: MTZ\n", "utf-8")
    report = load(counted(LEDGER), name="ecd.txt", mapping=mapping)
    assert report.state == "loaded", report.message
    assert rows(store, "select distinct company, business_unit from erp.accounts") == [("01", "MTZ")]
    assert rows(store, "select distinct company, business_unit from erp.journal_lines") == [("01", "MTZ")]


@pytest.mark.skipif(
    not REALDATA.is_dir(),
    reason=f"the real samples are not here ({REALDATA}); RETAGUARDA_REALDATA names their folder",
)
def test_real_bookkeepings(store: duckdb.DuckDBPyConnection, contracts: dict[str, Contract]) -> None:
    for name in ("exemploICMSIPI.txt", "Arquivoexemplo.TXT"):
        report = load_file(store, REALDATA / "sped" / name, contracts, batch_id="real")
        assert report.state == "loaded", report.message
        assert not report.quarantine
    assert rows(
        store,
        "select bookkeeping, record_type, count(*), sum(total_brl) from fiscal.bookkeeping_documents group by all "
        "order by all",
    ) == [("contributions", "C600", 358, Decimal("130396657.29")), ("icms_ipi", "C100", 1, Decimal("156.00"))]
    assert rows(
        store,
        "select record_type, count(*), sum(operation_brl) from fiscal.bookkeeping_details group by all order by all",
    ) == [
        ("C190", 1, Decimal("156.00")),
        ("C601", 716, Decimal("130396657.29")),
        ("C605", 716, Decimal("130396657.29")),
    ]
