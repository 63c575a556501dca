"""Real files that nobody here wrote, loaded as any file is: their known answers must come out to the cent."""

from __future__ import annotations

import datetime as dt
import io
import os
import re
import warnings
from decimal import Decimal
from pathlib import Path

import duckdb
import ofxparse
import pytest

from ingestion.contracts import load_contracts
from ingestion.load import load_file
from ingestion.raw import open_raw
from ingestion.reports import FileReport, TableReport

ROOT = Path(__file__).parents[2]
REALDATA = Path(os.environ.get("RETAGUARDA_REALDATA", ROOT.parent / "shared" / "realdata"))
MAPPINGS = ROOT / "tests" / "mappings"
OFX = sorted(REALDATA.glob("ofx/*/*.ofx"))
PORTAL = REALDATA / "csv" / "portal_transparencia"
NORTHWIND = REALDATA / "csv" / "northwind"

pytestmark = pytest.mark.skipif(
    not REALDATA.is_dir(),
    reason=f"the real samples are not here ({REALDATA}); RETAGUARDA_REALDATA names their folder",
)
CONTRACTS = load_contracts(ROOT)


@pytest.fixture
def store(tmp_path: Path) -> duckdb.DuckDBPyConnection:
    return open_raw(tmp_path / "raw.duckdb", CONTRACTS)


def load(store: duckdb.DuckDBPyConnection, path: Path, *, mapped: bool = True) -> FileReport:
    return load_file(store, path, CONTRACTS, batch_id="real", mappings_dir=MAPPINGS if mapped else None)


def only(report: FileReport) -> TableReport:
    assert report.state == "loaded", report.message
    (table,) = report.tables
    return table


def one(store: duckdb.DuckDBPyConnection, query: str) -> tuple[object, ...]:
    (row,) = store.execute(query).fetchall()
    return row


def adds_up(report: FileReport) -> None:
    """Read = loaded + unchanged + quarantined, to the row and to the cent."""
    for table in report.tables:
        assert table.rows_read == table.rows_loaded + table.rows_unchanged + table.rows_quarantined
        if table.control_read is not None:
            parts = (table.control_loaded, table.control_unchanged, table.control_quarantined)
            assert table.control_read == sum((part or Decimal(0) for part in parts), Decimal(0))


# ---- bank statements ------------------------------------------------------------------------------------------------

# File: transactions, their sum, balances read, balances loaded. The first group is known from the samples' README;
# the others were counted by hand in the files.
STATEMENTS = {
    "annacruz/bb.ofx": (81, "6592.75", 1, 1),
    "annacruz/bradesco.ofx": (6, "-2166.81", 1, 0),
    "annacruz/sample.ofx": (36, "-3896.56", 1, 1),
    "kamino/itau.ofx": (3, "-644.44", 1, 1),
    "kamino/santander-thousands-separator.ofx": (4, "47456.38", 1, 1),
    "annacruz/cef_malformed_decimal.ofx": (0, "0", 1, 1),
    "annacruz/creditcard.ofx": (3, "-20.16", 1, 1),
    "annacruz/dtsof_balance_issue.ofx": (1, "-836.30", 1, 0),
    "annacruz/invalid_version.ofx": (36, "-3896.56", 1, 1),
    "annacruz/nd-amex-sample.ofx": (15, "-764.39", 16, 2),
    "annacruz/santander.ofx": (4, "0.00", 1, 1),
    "annacruz/utf8.ofx": (36, "-3896.56", 1, 1),
    "annacruz/v211.ofx": (3, "247.00", 2, 2),
    "kamino/bb.ofx": (3, "3322.55", 1, 1),
    "kamino/santander.ofx": (3, "-566.66", 1, 1),
}
REFUSED = {"annacruz/error.ofx"}


def test_every_statement_of_the_samples_has_an_answer_here() -> None:
    assert {f"{path.parent.name}/{path.name}" for path in OFX} == set(STATEMENTS) | REFUSED


@pytest.mark.parametrize("name", STATEMENTS)
def test_statements_load_to_the_cent(store, name) -> None:
    count, total, balances_read, balances_loaded = STATEMENTS[name]
    report = load(store, REALDATA / "ofx" / name)
    adds_up(report)
    transactions, balances = report.tables
    assert one(
        store, "select count(*), coalesce(sum(amount_brl), 0) from bank.bank_transactions where _valid_to is null"
    ) == (count, Decimal(total))
    assert (transactions.rows_loaded, balances.rows_read, balances.rows_loaded) == (
        count,
        balances_read,
        balances_loaded,
    )
    lines = (REALDATA / "ofx" / name).read_bytes().replace(b"\r\n", b"\n").split(b"\n")
    for (line,) in store.execute("select distinct _line from bank.bank_transactions").fetchall():
        assert b"<STMTTRN>" in lines[line - 1].upper()
    again = load(store, REALDATA / "ofx" / name)
    assert again.state == "unchanged"


@pytest.mark.parametrize("path", OFX, ids=lambda path: f"{path.parent.name}/{path.name}")
def test_ofxparse_agrees_wherever_it_can_read_the_file(store, path) -> None:
    """The oracle keeps one account only, refuses decimal commas and zeros for dates; where it reads, both agree."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            oracle = ofxparse.OfxParser.parse(io.BytesIO(path.read_bytes()))
        expected = sorted(
            (str(each.id), each.date.date(), each.amount)
            for account in oracle.accounts
            for each in account.statement.transactions
        )
    except Exception as error:
        pytest.skip(f"ofxparse cannot read it: {type(error).__name__}: {error}")
    report = load(store, path)
    if report.state == "rejected":
        assert expected == []
        return
    found = store.execute("select transaction_id, posted_date, amount_brl from bank.bank_transactions").fetchall()
    assert sorted(found) == expected


def test_what_the_bank_itself_refused_is_refused(store) -> None:
    report = load(store, REALDATA / "ofx" / "annacruz" / "error.ofx")
    assert report.state == "rejected"
    assert "unable to process your request" in report.message


def test_a_balance_line_with_a_dot_for_an_amount_is_no_movement(store) -> None:
    report = load(store, REALDATA / "ofx" / "annacruz" / "cef_malformed_decimal.ofx")
    assert report.tables[0].rows_quarantined == 1
    assert one(store, "select line, reason, remedy from load.quarantine") == (
        39,
        '"SALDO DIA" tells a balance and is no movement',
        "Nothing to do: the line is kept out of the movements and counted here.",
    )


def test_a_balance_dated_zero_is_quarantined(store) -> None:
    report = load(store, REALDATA / "ofx" / "annacruz" / "bradesco.ofx")
    assert [problem.message for problem in report.quarantine] == [
        'bradesco.ofx, line 89: DTASOF "00000000" is not a date (aaaa-mm-dd). Row quarantined.'
    ]


def test_six_million_and_the_ledger_balance(store) -> None:
    report = load(store, REALDATA / "ofx" / "kamino" / "santander-thousands-separator.ofx")
    assert one(store, "select amount_brl, business_unit from bank.bank_transactions where memo = 'PIX RECEBIDO'") == (
        Decimal("6000000.00"),
        "SUL",
    )
    assert "implies an opening balance of -567.63" in report.message
    load(store, REALDATA / "ofx" / "annacruz" / "bb.ofx")
    assert one(store, "select ledger_balance_brl from bank.balances where account_id = '12345-6'") == (
        Decimal("6529.19"),
    )


def test_the_bytes_and_not_the_header_tell_the_encoding(store) -> None:
    load(store, REALDATA / "ofx" / "kamino" / "bb.ofx")
    load(store, REALDATA / "ofx" / "annacruz" / "utf8.ofx")
    memos = {row[0] for row in store.execute("select memo from bank.bank_transactions").fetchall()}
    assert "TÍTULO COBRANÇA-IB" in memos
    assert {row[0] for row in store.execute("select encoding from load.files").fetchall()} == {"cp1252", "utf-8"}


def test_a_bank_account_and_a_card_in_one_file(store) -> None:
    load(store, REALDATA / "ofx" / "annacruz" / "v211.ofx")
    found = store.execute(
        "select account_id, count(*), sum(amount_brl) from bank.bank_transactions group by 1 order by 1"
    ).fetchall()
    assert found == [("123412341234", 2, Decimal("327.00")), ("123456", 1, Decimal("-80.00"))]


def test_dollars_are_not_taken_for_reais_unless_a_mapping_says_so(store) -> None:
    report = load(store, REALDATA / "ofx" / "annacruz" / "v211.ofx", mapped=False)
    adds_up(report)
    assert [table.rows_quarantined for table in report.tables] == [3, 2]
    assert "the amount is in USD" in report.quarantine[0].reason


def test_many_movements_on_one_line_are_all_counted(store) -> None:
    report = load(store, REALDATA / "ofx" / "annacruz" / "nd-amex-sample.ofx", mapped=False)
    adds_up(report)
    assert [(table.rows_read, table.rows_quarantined) for table in report.tables] == [(15, 15), (16, 16)]


# ---- Portal da Transparência ----------------------------------------------------------------------------------------


def test_commitments_are_the_sum_of_their_items(store) -> None:
    commitments = only(load(store, PORTAL / "20250101_Despesas_Empenho.csv"))
    items = only(load(store, PORTAL / "20250101_Despesas_ItemEmpenho.csv"))
    history = only(load(store, PORTAL / "20250101_Despesas_ItemEmpenhoHistorico.csv"))
    total = Decimal("38841631.80")
    assert (commitments.rows_loaded, commitments.control_loaded) == (36, total)
    assert (items.rows_loaded, items.control_loaded) == (83, total)
    assert (history.rows_loaded, history.control_loaded) == (83, total)
    different = one(
        store,
        """
        select count(*) from (
            select document from erp.payables group by document
            having count(distinct case when company = 'commitments' then amount_brl end) <> 1
                or sum(case when company = 'commitments' then amount_brl end)
                    <> sum(case when company = 'items' then amount_brl end)
        ) as documents
        """,
    )
    assert different == (0,), "each commitment is the sum of its own items"


def test_settled_amounts(store) -> None:
    settled = only(load(store, PORTAL / "20250101_Despesas_Liquidacao_EmpenhosImpactados.csv"))
    assert (settled.rows_loaded, settled.rows_unchanged, settled.control_loaded) == (90, 0, Decimal("215857.77"))


def test_a_supplier_that_comes_often_is_one_supplier(store) -> None:
    suppliers = only(load(store, PORTAL / "20250101_Despesas_Liquidacao.csv"))
    assert (suppliers.rows_read, suppliers.rows_loaded, suppliers.rows_unchanged) == (81, 63, 18)
    (name,) = one(store, "select name from erp.suppliers where supplier_id = '00360305000104'")
    assert name == "CAIXA ECONOMICA FEDERAL", "the CNPJ keeps its zeros"


def test_latin_1_is_read_and_accents_survive(store) -> None:
    report = load(store, PORTAL / "20250101_Despesas_Empenho.csv")
    assert report.encoding == "cp1252"
    categories = {row[0] for row in store.execute("select distinct category from erp.payables").fetchall()}
    assert "Contratação por Tempo Determinado" in categories


def test_the_payments_file_is_valid_and_empty(store) -> None:
    report = load(store, PORTAL / "20250101_Despesas_Pagamento.csv")
    payments = only(report)
    assert (payments.rows_read, payments.rows_loaded, payments.control_loaded) == (0, 0, Decimal(0))
    assert report.quarantine == ()


def test_an_empty_file_is_not_a_file_without_rows(store, tmp_path) -> None:
    path = tmp_path / "20250101_Despesas_Pagamento.csv"
    path.write_bytes(b"")
    assert load(store, path).state == "rejected"


# ---- a web page named .csv ------------------------------------------------------------------------------------------


@pytest.mark.parametrize("table", [None, "erp.suppliers"])
def test_a_web_page_named_csv_is_rejected(store, table) -> None:
    path = REALDATA / "csv" / "html_named_csv" / "favorecidos-pj.csv"
    report = load_file(store, path, CONTRACTS, table=table, batch_id="real")
    assert report.state == "rejected"
    assert "web page" in report.message
    assert report.remedy
    assert one(store, "select count(*) from erp.suppliers") == (0,)


# ---- Northwind: commas in texts without quotes, NULL in so many letters ---------------------------------------------


def test_orders_with_commas_without_quotes_are_quarantined_and_not_lost(store) -> None:
    report = load(store, NORTHWIND / "orders.csv")
    adds_up(report)
    orders = only(report)
    assert orders.rows_read == 830
    # A comma inside an address makes a field too many: its row waits in quarantine as it was written. What stands
    # before the address is still legible there, so that nothing is lost: loaded and quarantined give the known answers.
    fields = re.compile(r"(\d+),\w+,\d+,([^ ,]+) [^ ,]+,([^ ,]+) [^ ,]+,(NULL|[^ ,]+)")
    loaded = store.execute("select due_date, paid_date from erp.payables where company = 'orders'").fetchall()
    waiting = []
    for raw_line, reason in store.execute("select raw_line, reason from load.quarantine").fetchall():
        found = fields.match(raw_line)
        assert found is not None
        assert re.fullmatch(r"has 1[5-9] fields where the header has 14", reason)
        shipped = None if found.group(4) == "NULL" else dt.date.fromisoformat(found.group(4))
        waiting.append((dt.date.fromisoformat(found.group(3)), shipped))
    every = [*loaded, *waiting]
    assert len(every) == 830
    assert len(waiting) == orders.rows_quarantined == 176
    shipped_orders = [(due, shipped) for due, shipped in every if shipped is not None]
    late = [due for due, shipped in shipped_orders if shipped > due]
    assert (len(every) - len(shipped_orders), len(shipped_orders), len(late)) == (21, 809, 37)
    assert round(100 * len(late) / len(shipped_orders), 4) == 4.5735


def test_net_sales(store) -> None:
    lines = only(load(store, NORTHWIND / "order-details.csv"))
    assert (lines.rows_read, lines.rows_loaded) == (2155, 2155)
    (sales,) = one(
        store, "select sum(amount_brl * paid_amount_brl * (1 - cast(category as decimal(9, 4)))) from erp.payables"
    )
    assert round(Decimal(str(sales)), 2) == Decimal("1265793.04")


def test_suppliers_of_the_samples_are_loaded_or_quarantined(store) -> None:
    report = load(store, NORTHWIND / "suppliers.csv")
    adds_up(report)
    assert (only(report).rows_read, only(report).rows_loaded, only(report).rows_quarantined) == (29, 20, 9)


@pytest.mark.parametrize("name", ["categories.csv", "customers.csv", "products.csv", "shippers.csv"])
def test_files_that_no_contract_knows_are_refused_with_the_way_out(store, name) -> None:
    report = load(store, NORTHWIND / name)
    assert report.state == "rejected"
    assert "retaguarda map" in report.remedy
