"""OFX as Brazilian banks write it. The texts here are invented; the real files are read in test_realdata.py."""

from __future__ import annotations

import datetime as dt
import io
import warnings
from decimal import Decimal
from pathlib import Path

import duckdb
import ofxparse
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ingestion.contracts import Contract, load_contracts
from ingestion.load import load_file
from ingestion.mapping import Lookup, Mapping
from ingestion.raw import open_raw
from ingestion.readers import RejectedFile, TextTable
from ingestion.readers import ofx as ofx_reader
from ingestion.readers.ofx import OfxReader
from ingestion.readers.ofx_markup import read_markup
from ingestion.readers.ofx_values import amount_text, date_text, is_balance_line, is_opening_line, memo_text

ROOT = Path(__file__).parents[2]
HEADER = """OFXHEADER:100
DATA:OFXSGML
VERSION:102
SECURITY:NONE
ENCODING:USASCII
CHARSET:1252
COMPRESSION:NONE
OLDFILEUID:NONE
NEWFILEUID:NONE

"""
CONTRACTS = load_contracts(ROOT)


@pytest.fixture(scope="module")
def contracts() -> dict[str, Contract]:
    return CONTRACTS


@pytest.fixture
def connection() -> duckdb.DuckDBPyConnection:
    return duckdb.connect()


def movement(amount: str = "-10.00", day: str = "20260105", memo: str = "PIX ENVIADO", identifier: str = "1") -> str:
    return (
        f"<STMTTRN>\n<TRNTYPE>DEBIT\n<DTPOSTED>{day}\n<TRNAMT>{amount}\n<FITID>{identifier}\n<CHECKNUM>77\n"
        f"<MEMO>{memo}\n</STMTTRN>\n"
    )


def bank(*movements: str, account: str = "12345-6", balance: str = "", currency: str = "BRL") -> str:
    return (
        f"<STMTTRNRS><TRNUID>1<STATUS><CODE>0<SEVERITY>INFO</STATUS>\n<STMTRS><CURDEF>{currency}\n"
        f"<BANKACCTFROM><BANKID>0341<ACCTID>{account}<ACCTTYPE>CHECKING</BANKACCTFROM>\n"
        f"<BANKTRANLIST><DTSTART>20260101<DTEND>20260131\n{''.join(movements)}</BANKTRANLIST>\n{balance}"
        "</STMTRS></STMTTRNRS>\n"
    )


def ledger(amount: str, day: str = "20260131") -> str:
    return f"<LEDGERBAL><BALAMT>{amount}<DTASOF>{day}</LEDGERBAL>\n"


def document(*statements: str, cards: str = "") -> str:
    return (
        f"{HEADER}<OFX><SIGNONMSGSRSV1><SONRS><STATUS><CODE>0<SEVERITY>INFO</STATUS><DTSERVER>00000000000000"
        f"<LANGUAGE>POR<FI><ORG>Banco Um<FID>3101</FI></SONRS></SIGNONMSGSRSV1>\n"
        f"<BANKMSGSRSV1>{''.join(statements)}</BANKMSGSRSV1>{cards}</OFX>\n"
    )


def read(
    connection: duckdb.DuckDBPyConnection,
    folder: Path,
    content: str | bytes,
    contracts: dict[str, Contract],
    mapping: Mapping | None = None,
) -> tuple[TextTable, TextTable]:
    path = folder / "extrato.ofx"
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    transactions, balances = OfxReader().read(connection, path, contracts, None, mapping)
    return transactions, balances


def rows(connection: duckdb.DuckDBPyConnection, table: TextTable) -> list[dict[str, object]]:
    cursor = connection.execute(f"select * from {table.relation} order by _line, rowid" if "mapped" not in
                                table.relation else f"select * from {table.relation} order by _line")  # fmt: skip
    names = [each[0] for each in cursor.description or ()]
    return [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]


@pytest.mark.parametrize(
    ("written", "amount"),
    [
        ("-530,86", "-530.86"), ("3444.80", "3444.80"), ("6000.000,00", "6000000.00"), ("-5800.000,00", "-5800000.00"),
        ("-152541,14", "-152541.14"), ("1.234,56", "1234.56"), ("1,234.56", "1234.56"), ("1.234.567,8", "1234567.8"),
        ("1.234.567", "1234567"), ("1,234,567", "1234567"), ("+80", "80"), ("-80", "-80"), ("  -11,76 ", "-11.76"),
        ("-12.0", "-12.0"), (",5", "0.5"), ("0,00", "0.00"), ("100,00-", "-100.00"), ("- 5,00", "-5.00"),
    ],
)  # fmt: skip
def test_amounts_have_one_meaning(written, amount) -> None:
    assert amount_text(written) == (amount, None)


@pytest.mark.parametrize(
    "written",
    [".", "", " . ", "abc", "1.23.45", "12.34,56", "1,234,56", "1.2345,00", "--5", "1.234", "-1,234", "5,", "5.1234",
     "1.234,567.89", "1e3", "R$ 5,00", "٣"],
)  # fmt: skip
def test_amounts_without_one_meaning_are_kept_as_written_and_told(written) -> None:
    text, problem = amount_text(written)
    assert text == written
    assert problem is not None
    assert written in problem


@settings(deadline=None)
@given(
    st.decimals(min_value=-(10**13), max_value=10**13, places=2),
    st.sampled_from([("", ","), ("", "."), (".", ","), (",", ".")]),
)
def test_every_amount_survives_every_way_of_writing_it(amount, marks) -> None:
    thousands, decimal = marks
    written = f"{amount:,.2f}".replace(",", "t").replace(".", decimal).replace("t", thousands)
    text, problem = amount_text(written)
    assert problem is None
    assert Decimal(text) == amount


@settings(deadline=None)
@given(st.text(max_size=20))
def test_no_text_breaks_the_amount_and_none_is_guessed(written) -> None:
    text, problem = amount_text(written)
    if problem is None:
        assert sum(map(str.isdigit, text)) >= 1
        Decimal(text)
    else:
        assert text == written


@pytest.mark.parametrize(
    ("written", "day"),
    [
        ("20140305120000[-3:BRT]", "2014-03-05"), ("20131209100000[-03:EST]", "2013-12-09"),
        ("20101001 ", "2010-10-01"),
        ("20170901000000[-3:GMT]", "2017-09-01"), ("20130921174852.283[-7:MST]", "2013-09-21"),
        ("20260101233000[0:GMT]", "2026-01-01"), ("202601010000", "2026-01-01"), ("20240229", "2024-02-29"),
    ],
)  # fmt: skip
def test_dates_are_the_calendar_date_as_written(written, day) -> None:
    assert date_text(written) == day


@pytest.mark.parametrize("written", ["00000000", "00000000000000", "20230229", "20261301", "2026", "", "05/01/2026"])
def test_impossible_dates_stay_as_written(written) -> None:
    assert date_text(written) == written


@pytest.mark.parametrize(
    "memo",
    ["SALDO DIA", "Saldo Anterior", "S A L D O", "SALDO TOTAL DISPONÍVEL DIA", "SALDO FINAL DO DIA", "SALDO EM C/C",
     "SALDO DO DIA 05/01", "SDO CTA/APL AUTOMATICAS", "SALDO APLIC AUT MAIS", "SALDO (R$)", "SALDO"],
)  # fmt: skip
def test_balance_lines_are_recognised(memo) -> None:
    assert is_balance_line(memo)


@pytest.mark.parametrize(
    "memo",
    ["PAGTO SALDO DEVEDOR", "SALDO DEVEDOR CARTAO", "SALDOS E RETALHOS LTDA", "PIX SALDO", "SALDO REMANESCENTE NF 12",
     "TRANSF SALDO ANTERIOR", "SALDANHA DA GAMA", "SALDO FORNECEDOR", ""],
)  # fmt: skip
def test_movements_that_speak_of_balances_stay_movements(memo) -> None:
    assert not is_balance_line(memo)


def test_only_an_opening_line_opens() -> None:
    assert is_opening_line("SALDO ANTERIOR")
    assert not is_opening_line("SALDO DIA")
    assert not is_opening_line("PAGTO ANTERIOR")


def test_the_memo_is_name_and_memo_once() -> None:
    assert memo_text({"NAME": "ACME", "MEMO": "NF 1"}) == "ACME - NF 1"
    assert memo_text({"PAYEE": "Conta", "MEMO": "Conta"}) == "Conta"
    assert memo_text({"TRNTYPE": "OTHER"}) == "OTHER"


def test_two_accounts_and_a_card_in_one_file(tmp_path, connection, contracts) -> None:
    cards = (
        "<CREDITCARDMSGSRSV1><CCSTMTTRNRS><TRNUID>0<CCSTMTRS><CURDEF>BRL<CCACCTFROM><ACCTID>5555</CCACCTFROM>"
        f"<BANKTRANLIST>{movement('-99,90', memo='LOJA')}</BANKTRANLIST></CCSTMTRS></CCSTMTTRNRS></CREDITCARDMSGSRSV1>"
    )
    text = document(
        bank(movement("-1,00"), account="1", balance=ledger("5,00")), bank(movement("2.00"), account="2"), cards=cards
    )
    transactions, balances = read(connection, tmp_path, text, contracts)
    found = [(row["bank_id"], row["account_id"], row["amount_brl"]) for row in rows(connection, transactions)]
    assert found == [("0341", "1", "-1.00"), ("0341", "2", "2.00"), ("3101", "5555", "-99.90")]
    assert transactions.rows_read == 3
    assert [(row["account_id"], row["ledger_balance_brl"]) for row in rows(connection, balances)] == [("1", "5.00")]


def test_lines_are_those_of_the_file_and_the_text_is_kept(tmp_path, connection, contracts) -> None:
    text = "\r\n" + document(bank(movement(), movement(amount="5.00"))).replace("\n", "\r\n")
    transactions, _ = read(connection, tmp_path, text, contracts)
    found = rows(connection, transactions)
    lines = text.split("\r\n")
    assert [lines[int(str(row["_line"])) - 1] for row in found] == ["<STMTTRN>", "<STMTTRN>"]
    assert str(found[1]["_raw_line"]).startswith("<STMTTRN> <TRNTYPE>DEBIT <DTPOSTED>20260105 <TRNAMT>5.00")


def test_closing_tags_or_none_or_stray_ones_read_alike(tmp_path, connection, contracts) -> None:
    plain = document(bank(movement(), balance=ledger("1.00")))
    closed = plain
    for name in ("TRNTYPE", "DTPOSTED", "TRNAMT", "FITID", "CHECKNUM", "MEMO"):
        lines = [f"{line}</{name}>" if line.startswith(f"<{name}>") else line for line in closed.splitlines()]
        closed = "\n".join(lines)
    stray = closed.replace("</DTPOSTED>", "</DTUSER>")
    one_line = HEADER + plain[len(HEADER) :].replace("\n", "")
    xml = '<?xml version="1.0" encoding="UTF-8"?>\n<?OFX OFXHEADER="200" VERSION="211"?>\n' + closed[len(HEADER) :]
    expected = None
    for text in (plain, closed, stray, one_line, xml, plain.replace("</STMTTRN>\n</BANK", "</BANK")):
        transactions, balances = read(connection, tmp_path, text, contracts)
        found = [
            {name: value for name, value in row.items() if name not in ("_line", "_raw_line")}
            for table in (transactions, balances)
            for row in rows(connection, table)
        ]
        assert len(found) == 2
        expected = expected or found
        assert found == expected


@pytest.mark.parametrize(
    ("encode", "encoding"),
    [
        (lambda text: text.encode("cp1252"), "cp1252"),
        (lambda text: text.encode(), "utf-8"),
        (lambda text: b"\xef\xbb\xbf" + text.encode(), "utf-8-sig"),
        (lambda text: text.encode("utf-16"), "utf-16"),
    ],
)
def test_the_bytes_and_not_the_header_say_the_encoding(tmp_path, connection, contracts, encode, encoding) -> None:
    text = document(bank(movement(memo="COBRANÇA AÇÃO")))
    transactions, _ = read(connection, tmp_path, encode(text), contracts)
    assert rows(connection, transactions)[0]["memo"] == "COBRANÇA AÇÃO"
    assert transactions.encoding == encoding


def test_references_are_characters_and_entities_stay_text(tmp_path, connection, contracts) -> None:
    declared = '<!DOCTYPE OFX [<!ENTITY a "xxxxxxxxxx"> <!ENTITY b SYSTEM "file:///etc/passwd">]>'
    text = document(bank(movement(memo="A &amp; B &#199;A &a; &b; &copyleft 3 < 4"))).replace(
        "<OFX>", declared + "<OFX>"
    )
    transactions, _ = read(connection, tmp_path, text, contracts)
    assert rows(connection, transactions)[0]["memo"] == "A & B ÇA &a; &b; &copyleft 3 < 4"


def test_identical_lines_are_counted_and_a_reused_id_is_no_key(tmp_path, connection, contracts) -> None:
    lines = [movement(), movement(), movement(amount="-11.00"), movement(), movement(memo="OUTRO")]
    transactions, _ = read(connection, tmp_path, document(bank(*lines)), contracts)
    found = [(row["amount_brl"], row["memo"], row["occurrence"]) for row in rows(connection, transactions)]
    assert sorted(found) == sorted([
        ("-10.00", "PIX ENVIADO", "1"), ("-10.00", "PIX ENVIADO", "2"), ("-11.00", "PIX ENVIADO", "1"),
        ("-10.00", "PIX ENVIADO", "3"), ("-10.00", "OUTRO", "1"),
    ])  # fmt: skip


def test_a_day_told_by_two_statements_keeps_its_keys(tmp_path, connection, contracts) -> None:
    transactions, _ = read(connection, tmp_path, document(bank(movement()), bank(movement())), contracts)
    assert [row["occurrence"] for row in rows(connection, transactions)] == ["1", "1"]


def test_balance_lines_and_unclear_amounts_are_kept_as_problems(tmp_path, connection, contracts) -> None:
    lines = [movement(" . ", memo="SALDO DIA"), movement("1.234"), movement("-5,00"), movement("x")]
    transactions, _ = read(connection, tmp_path, document(bank(*lines)), contracts)
    problems = [row["_problem"] for row in rows(connection, transactions)]
    assert transactions.rows_read == 4
    assert "is no movement" in str(problems[0])
    assert problems[1:] == ['"1.234" may mean thousands or thousandths', None, '"x" is not an amount']


def test_what_the_bank_left_out_is_named(tmp_path, connection, contracts) -> None:
    bare = "<STMTTRN><TRNTYPE>OTHER<DTPOSTED>20260105</STMTTRN>\n<STMTTRN><TRNAMT>1.00</STMTTRN>\n"
    transactions, _ = read(connection, tmp_path, document(bank(bare)), contracts)
    first, second = rows(connection, transactions)
    assert first["_problem"] == "the bank wrote no TRNAMT"
    assert (first["transaction_id"], first["memo"]) == ("none", "OTHER")
    assert (second["posted_date"], second["memo"]) == (None, None)


def test_foreign_money_is_not_taken_for_reais(tmp_path, connection, contracts) -> None:
    text = document(bank(movement(), balance=ledger("1.00"), currency="USD"))
    transactions, balances = read(connection, tmp_path, text, contracts)
    assert "USD" in str(rows(connection, transactions)[0]["_problem"])
    assert "USD" in str(rows(connection, balances)[0]["_problem"])
    accepted = Mapping("bank.bank_transactions", currencies=("BRL", "USD"))
    transactions, balances = read(connection, tmp_path, text, contracts, accepted)
    assert [row["_problem"] for table in (transactions, balances) for row in rows(connection, table)] == [None, None]


def test_a_mapping_names_company_and_unit_of_each_account(tmp_path, connection, contracts) -> None:
    mapping = Mapping(
        "bank.bank_transactions",
        constants={"company": "01"},
        lookups={"business_unit": Lookup("account_id", {"1": "MTZ", "2": "SUL"}, "NE")},
    )
    text = document(*(bank(movement(), account=account, balance=ledger("1.00")) for account in "123"))
    for table in read(connection, tmp_path, text, contracts, mapping):
        assert [row["business_unit"] for row in rows(connection, table)] == ["MTZ", "SUL", "NE"]
        assert {row["company"] for row in rows(connection, table)} == {"01"}


def test_the_branch_is_part_of_the_account(tmp_path, connection, contracts) -> None:
    text = document(bank(movement())).replace("<ACCTID>", "<BRANCHID>9999-9<ACCTID>")
    transactions, _ = read(connection, tmp_path, text, contracts)
    assert rows(connection, transactions)[0]["account_id"] == "9999-9/12345-6"


def test_the_account_of_a_transfer_is_not_the_statements(tmp_path, connection, contracts) -> None:
    transfer = movement().replace("<MEMO>", "<BANKACCTTO><BANKID>999<ACCTID>8</BANKACCTTO><MEMO>")
    transactions, _ = read(connection, tmp_path, document(bank(transfer)), contracts)
    row = rows(connection, transactions)[0]
    assert (row["bank_id"], row["account_id"], row["memo"]) == ("0341", "12345-6", "PIX ENVIADO")


def test_an_opening_line_makes_the_statement_checkable(tmp_path, connection, contracts) -> None:
    opening = movement("100,00", memo="SALDO ANTERIOR")
    _, balances = read(connection, tmp_path, document(bank(opening, movement(), balance=ledger("90,00"))), contracts)
    assert "The statement adds up" in balances.notes[0]
    _, balances = read(connection, tmp_path, document(bank(opening, movement(), balance=ledger("95,00"))), contracts)
    assert "5.00 unexplained" in balances.notes[0]
    assert "12345-6" not in balances.notes[0], "account numbers are restricted: only their end is told"


def test_a_balance_loaded_before_makes_the_statement_checkable(tmp_path, connection, contracts) -> None:
    connection.execute("create schema bank")
    connection.execute(
        "create table bank.balances as select '0341' as bank_id, '12345-6' as account_id, date '2025-12-31' as "
        "balance_date, cast(100 as decimal(18, 2)) as ledger_balance_brl, cast(null as timestamp) as _valid_to"
    )
    text = document(bank(movement(), movement("7,00"), balance=ledger("97,00")))
    _, balances = read(connection, tmp_path, text, contracts)
    assert "opening 100.00 + movements -3.00 = LEDGERBAL 97.00" in balances.notes[0]
    late = text.replace("<DTSTART>20260101", "<DTSTART>20260105")
    _, balances = read(connection, tmp_path, late, contracts)
    assert "implies an opening balance" in balances.notes[0], "days between are missing: nothing can be checked"


@pytest.mark.parametrize(
    ("content", "message"),
    [
        ("", "is empty"),
        ("\n \n", "is empty"),
        ("\n<!DOCTYPE html><html><body>Entre na sua conta</body></html>", "web page"),
        ("Data;Valor\n01/01/2026;5,00\n", "is not an OFX file"),
        (document(), "holds no statement"),
        (document(bank(movement()))[:-90], "was cut"),
        (document(bank(movement()))[:650], "was cut"),
        (f"{HEADER}<OFX><SIGNONMSGSRSV1><SONRS><STATUS><CODE>2000<SEVERITY>ERROR<MESSAGE>Tente mais tarde</STATUS>"
         "</SONRS></SIGNONMSGSRSV1></OFX>", "error of the bank: 2000 Tente mais tarde"),
    ],
)  # fmt: skip
def test_what_is_no_statement_is_refused(tmp_path, connection, contracts, content, message) -> None:
    with pytest.raises(RejectedFile, match=message) as error:
        read(connection, tmp_path, content, contracts)
    assert error.value.remedy


def test_a_file_that_is_too_large_is_refused_unread(tmp_path, connection, contracts, monkeypatch) -> None:
    monkeypatch.setattr(ofx_reader, "LARGEST_FILE", 100)
    with pytest.raises(RejectedFile, match="may have"):
        read(connection, tmp_path, document(bank(movement())), contracts)


def test_hostile_markup_costs_no_time(tmp_path, connection, contracts) -> None:
    """Unclosed comments, tags without end and deep nesting: one pass each, not one a character."""
    hostile = "<!--" * 50_000 + "<A" * 50_000 + "<" + "A" * 500_000 + "<STMTTRNRS>" * 20_000 + "<![CDATA[" * 50_000
    started = dt.datetime.now(dt.UTC)
    for text in (hostile, hostile[200_000:], hostile[300_000:], "<STMTTRNRS>" * 20_000):
        with pytest.raises(RejectedFile):
            read(connection, tmp_path, f"{HEADER}<OFX>{text}", contracts)
    assert (dt.datetime.now(dt.UTC) - started).total_seconds() < 5


MEMOS = st.text(
    st.characters(codec="cp1252", exclude_categories=("Cc", "Cf", "Zs", "Zl", "Zp"), exclude_characters="<>&"),
    min_size=1, max_size=30,
).filter(lambda memo: not is_balance_line(memo))  # fmt: skip
MOVEMENTS = st.lists(
    st.tuples(
        st.decimals(min_value=-(10**9), max_value=10**9, places=2),
        st.dates(dt.date(1970, 1, 1), dt.date(2199, 12, 31)),
        MEMOS,
        st.sampled_from([".", ","]),
    ),
    max_size=8,
)


@settings(max_examples=30, deadline=None)
@given(MOVEMENTS)
def test_what_is_written_is_read_back(tmp_path_factory, movements) -> None:
    folder = tmp_path_factory.mktemp("ofx")
    written = [
        movement(str(amount).replace(".", mark), f"{day:%Y%m%d}120000[-3:BRT]", memo, str(number))
        for number, (amount, day, memo, mark) in enumerate(movements)
    ]
    with duckdb.connect() as connection:
        transactions, _ = read(connection, folder, document(bank(*written)), CONTRACTS)
        found = connection.execute(
            "select cast(amount_brl as decimal(18, 2)), cast(posted_date as date), memo, _problem "
            f"from {transactions.relation} order by cast(transaction_id as integer)"
        ).fetchall()
    assert found == [(amount, day, memo, None) for amount, day, memo, _ in movements]


@settings(max_examples=30, deadline=None)
@given(MOVEMENTS.filter(bool))
def test_ofxparse_reads_the_same(tmp_path_factory, movements) -> None:
    """The oracle: where another library can read the file (dots, ASCII), both must agree."""
    folder = tmp_path_factory.mktemp("ofx")
    plain = [(amount, day, f"MEMO {number}") for number, (amount, day, _, _) in enumerate(movements)]
    text = document(
        bank(*(movement(str(amount), f"{day:%Y%m%d}", memo, str(n)) for n, (amount, day, memo) in enumerate(plain)))
    ).replace("<DTSERVER>00000000000000", "<DTSERVER>20260131")
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        oracle = ofxparse.OfxParser.parse(io.BytesIO(text.encode()))
    expected = [(each.amount, each.date.date(), each.memo) for each in oracle.accounts[0].statement.transactions]
    with duckdb.connect() as connection:
        transactions, _ = read(connection, folder, text, CONTRACTS)
        found = connection.execute(
            "select cast(amount_brl as decimal(18, 2)), cast(posted_date as date), memo "
            f"from {transactions.relation} order by cast(transaction_id as integer)"
        ).fetchall()
    assert found == expected


def store_and_load(folder: Path, name: str, text: str, store: duckdb.DuckDBPyConnection | None = None):
    path = folder / name
    path.write_text(text, encoding="cp1252")
    store = store or open_raw(folder / "raw.duckdb", CONTRACTS)
    return store, load_file(store, path, CONTRACTS, batch_id=name)


def test_overlapping_statements_load_each_movement_once(tmp_path) -> None:
    """Two identical fees on one day are two movements; the same day in the next export is not two more."""
    fee = movement("-2,48", memo="TARIFA")
    store, first = store_and_load(tmp_path, "a.ofx", document(bank(fee, fee, movement("5.00", "20260106"))))
    assert first.tables[0].rows_loaded == 3
    _, second = store_and_load(tmp_path, "b.ofx", document(bank(fee, fee, fee, movement("6.00", "20260107"))), store)
    table = second.tables[0]
    assert (table.rows_read, table.rows_loaded, table.rows_unchanged, table.rows_versioned) == (4, 2, 2, 0)
    total = store.execute("select sum(amount_brl) from bank.bank_transactions where _valid_to is null").fetchall()
    assert total == [(Decimal("3.56"),)]


def test_a_corrected_balance_is_a_new_version(tmp_path) -> None:
    store, _ = store_and_load(tmp_path, "a.ofx", document(bank(movement(), balance=ledger("90,00"))))
    _, second = store_and_load(tmp_path, "b.ofx", document(bank(movement(), balance=ledger("95,00"))), store)
    assert second.tables[1].rows_versioned == 1
    versions = store.execute(
        "select ledger_balance_brl, _valid_to is null from bank.balances order by _valid_from"
    ).fetchall()
    assert versions == [(Decimal("90.00"), False), (Decimal("95.00"), True)]


def test_consecutive_statements_are_reconciled_over_loads(tmp_path) -> None:
    store, _ = store_and_load(tmp_path, "a.ofx", document(bank(movement(), balance=ledger("90,00", "20260131"))))
    february = document(bank(movement("-40,00", "20260203"), balance=ledger("50,00", "20260228")))
    february = february.replace("<DTSTART>20260101<DTEND>20260131", "<DTSTART>20260201<DTEND>20260228")
    _, second = store_and_load(tmp_path, "b.ofx", february, store)
    assert "The statement adds up" in second.message


def test_every_row_of_a_dirty_statement_is_accounted_for(tmp_path) -> None:
    lines = [
        movement("100,00", memo="SALDO ANTERIOR"), movement(), movement("1.234"), movement("5,00", day="20260231"),
        movement("6000.000,00"), movement(" . ", memo="SALDO DIA"),
    ]  # fmt: skip
    store, report = store_and_load(tmp_path, "a.ofx", document(bank(*lines, balance=ledger("0,00", "00000000"))))
    transactions, balances = report.tables
    assert (transactions.rows_read, transactions.rows_loaded, transactions.rows_quarantined) == (6, 2, 4)
    assert (balances.rows_read, balances.rows_quarantined) == (1, 1)
    reasons = dict(store.execute("select line, reason || ' / ' || remedy from load.quarantine").fetchall())
    assert len(reasons) == 5
    assert any('DTPOSTED "20260231" is not a date' in reason for reason in reasons.values())
    assert any("Nothing to do" in reason for reason in reasons.values())
    assert "loaded" in report.message


MOVEMENT_TEXT = st.text(st.sampled_from("<>/&amp;abSTMRN \n1.,-"), max_size=24)


@given(st.lists(MOVEMENT_TEXT, max_size=4), st.booleans())
@settings(max_examples=300, deadline=None)
def test_the_quick_way_reads_what_the_careful_way_reads(texts: list[str], closed: bool) -> None:
    """A comment makes every token be put together from pieces; without one, movements are read in one go."""
    end = "</STMTTRN>" if closed else ""
    movements = "".join(f"<STMTTRN><TRNTYPE>DEBIT<MEMO>{text}<MEMO>again</MEMO><FITID>{text}{end}\n" for text in texts)
    text = f"<OFX><STMTRS><BANKTRANLIST>\n{movements}</BANKTRANLIST><LEDGERBAL><BALAMT>1</LEDGERBAL></STMTRS></OFX>"
    assert read_markup(text) == read_markup(f"{text}<!-- careful -->")
