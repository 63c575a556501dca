"""CNAB 240 and 400: known answers of real returns, and everything that must refuse a file instead of reading it wrong."""

from __future__ import annotations

import datetime as dt
import os
from collections.abc import Callable
from decimal import Decimal
from pathlib import Path

import duckdb
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from ingestion.contracts import Contract
from ingestion.load import load_file
from ingestion.readers import RejectedFile
from ingestion.readers.cnab import CnabReader
from ingestion.reports import FileReport
from tests.ingestion.cnab_files import collection_240, record, statement_240

REALDATA = Path(os.environ.get("RETAGUARDA_REALDATA", Path(__file__).parents[3] / "shared" / "realdata")) / "cnab"
real_files = pytest.mark.skipif(not REALDATA.is_dir(), reason=f"the real samples are not here ({REALDATA})")
TITLE = {
    "code": "06", "our_number": "32948600000000196", "document": "NF-100/1", "due": dt.date(2026, 6, 30),
    "face": Decimal("1234.56"), "paid": Decimal("1250.00"), "fee": Decimal("2.50"),
}  # fmt: skip


@pytest.fixture
def load_lines(
    store: duckdb.DuckDBPyConnection, contracts: dict[str, Contract], tmp_path: Path
) -> Callable[..., FileReport]:
    def write_and_load(lines: list[str] | bytes, name: str = "july.ret") -> FileReport:
        path = tmp_path / name
        path.write_bytes(lines if isinstance(lines, bytes) else "\r\n".join([*lines, ""]).encode("cp1252"))
        return load_file(store, path, contracts, batch_id="batch")

    return write_and_load


def sums(store: duckdb.DuckDBPyConnection) -> tuple[object, ...]:
    query = "select count(*), sum(face_brl), sum(paid_brl), sum(net_brl), sum(fee_brl) from bank.collection_returns"
    (row,) = store.execute(query).fetchall()
    return row


def lines_of(name: str) -> list[str]:
    return (REALDATA / name).read_bytes().decode("cp1252").splitlines()


# ---- real files: titles, face, paid, net, fee -----------------------------------------------------------------------

KNOWN = {
    "cnab240/banco_brasil.ret": (5, "128.80", "128.80", "103.80", "25.00"),
    "cnab240/santander.ret": (1, "10.00", "11.00", "11.00", "3.24"),
    "cnab400/bnb.ret": (10, "19093.64", "16555.16", None, "7.38"),
    "cnab400/bradesco.ret": (7, "10.10", "5.10", None, "2.52"),
    "cnab400/itau.ret": (4, "1895.76", "1307.25", None, "13.32"),
    "cnab400/santander.ret": (1, "100.00", "100.00", None, "0.00"),
}


@real_files
@pytest.mark.parametrize("name", KNOWN)
def test_real_returns_have_their_known_answers(name, store, contracts) -> None:
    report = load_file(store, REALDATA / name, contracts, batch_id="real")
    assert report.state == "loaded", report.message
    titles, *amounts = KNOWN[name]
    assert sums(store) == (titles, *(None if text is None else Decimal(text) for text in amounts))
    assert report.tables[0].rows_quarantined == 0


@real_files
def test_every_real_return_has_an_answer_here() -> None:
    assert {f"{path.parent.name}/{path.name}" for path in REALDATA.rglob("*.ret")} == set(KNOWN)


@real_files
@pytest.mark.parametrize(
    ("name", "bank"),
    [("cnab240/santander.ret", "001"), ("cnab240/santander.ret", "341"), ("cnab240/banco_brasil.ret", "033")],
)
def test_a_file_read_by_another_banks_table_is_refused(name, bank, load_lines, store) -> None:
    """Santander's 10.00 would become 100,003.30 at Banco do Brasil's positions."""
    other = [bank + line[3:] for line in lines_of(name)]
    report = load_lines(other)
    assert report.state == "rejected", report.message
    assert f"bank {bank}" in report.message
    assert sums(store)[0] == 0


@real_files
def test_the_real_trailers_are_checked(load_lines) -> None:
    lines = lines_of("cnab400/itau.ret")
    lines[-1] = lines[-1].replace("00000000189576", "00000000189577")
    report = load_lines(lines)
    assert report.state == "rejected"
    assert "says 1,895.77 as sum of the titles, the file has 1,895.76" in report.message


@real_files
@pytest.mark.parametrize("name", ["cnab240/banco_brasil.ret", "cnab400/bnb.ret", "cnab400/itau.ret"])
def test_a_lost_or_doubled_line_refuses_the_file(name, contracts, tmp_path) -> None:
    lines = lines_of(name)
    path = tmp_path / "july.ret"
    with duckdb.connect() as connection:
        for place in range(1, len(lines)):
            for changed in ([*lines[:place], *lines[place + 1 :]], [*lines[:place], lines[place], *lines[place:]]):
                path.write_bytes("\r\n".join(changed).encode("cp1252"))
                with pytest.raises(RejectedFile, match=r"expected|says|cut|without"):
                    CnabReader().read(connection, path, contracts, None, None)


@real_files
@pytest.mark.parametrize("name", ["cnab240/banco_brasil.ret", "cnab400/bradesco.ret"])
def test_shortened_lines_ends_of_file_and_line_ends_do_not_matter(name, load_lines, store) -> None:
    expected = KNOWN[name]
    content = "\n".join(line.rstrip() for line in lines_of(name)).encode("cp1252") + b"\n\x1a"
    assert load_lines(content).state == "loaded"
    assert sums(store)[:3] == (expected[0], Decimal(expected[1]), Decimal(expected[2]))
    again = load_lines("\r\n".join(lines_of(name)).encode("cp1252") + b"\r\n\x1a\x1a", "again.ret")
    assert again.tables[0].rows_unchanged == expected[0]


# ---- written files --------------------------------------------------------------------------------------------------


def test_a_title_comes_with_its_fields_and_event(load_lines, store) -> None:
    report = load_lines(collection_240([TITLE]))
    assert report.state == "loaded", report.message
    (row,) = store.execute(
        "select bank_id, account_id, our_number, document, due_date, face_brl, paid_brl, net_brl, fee_brl, event, "
        "occurrence, event_number, occurrence_date, credit_date, _line from bank.collection_returns"
    ).fetchall()
    assert row == (
        "001", "567890", "32948600000000196", "NF-100/1", dt.date(2026, 6, 30), Decimal("1234.56"),
        Decimal("1250.00"), Decimal("1247.50"), Decimal("2.50"), "paid", "Liquidação", 1, dt.date(2026, 7, 1),
        dt.date(2026, 7, 2), 3,
    )  # fmt: skip


@pytest.mark.parametrize(
    ("change", "says"),
    [
        (lambda lines: [lines[0].replace("001", "999", 1), *lines[1:]], "bank 999 in CNAB 240 is not known"),
        (lambda lines: [lines[0][:142] + "1" + lines[0][143:], *lines[1:]], "remittance"),
        (lambda lines: lines[:-1], "no trailer at its end"),
        (lambda lines: [*lines[:-1], lines[-1][:23] + "000099" + lines[-1][29:]], "says 99 records, the file has 6"),
        (lambda lines: [*lines[:-1], lines[-1][:17] + "000002" + lines[-1][23:]], "says 2 lots, the file has 1"),
        (lambda lines: [*lines[:-2], lines[-2][:17] + "000009" + lines[-2][23:], lines[-1]],
         "lot 0001 says 9 records, the file has 4"),
        (lambda lines: [*lines[:-2], lines[-2][:23] + "000003" + lines[-2][29:], lines[-1]],
         "says 3 titles, the file has 1"),
        (lambda lines: [*lines[:-2], lines[-2][:45] + "9" + lines[-2][46:], lines[-1]],
         "says 1,234.59 as sum of the titles, the file has 1,234.56"),
        (lambda lines: [*lines[:2], lines[2] + "X", *lines[3:]], "line 3: 241 characters where CNAB 240 has 240"),
        (lambda lines: [*lines[:2], lines[3].replace("00002U", "00001U"), lines[2].replace("00001T", "00002T"),
                        *lines[4:]], "segment U without its T"),
    ],
)  # fmt: skip
def test_what_does_not_add_up_is_refused_with_both_numbers(change, says, contracts, tmp_path) -> None:
    path = tmp_path / "july.ret"
    path.write_bytes("\r\n".join(change(collection_240([TITLE]))).encode("cp1252"))
    with duckdb.connect() as connection, pytest.raises(RejectedFile) as refused:
        CnabReader().read(connection, path, contracts, None, None)
    assert says in refused.value.message
    assert refused.value.remedy


def test_one_unreadable_field_quarantines_its_title_alone(load_lines, store) -> None:
    lines = collection_240([TITLE, {**TITLE, "our_number": "2"}, {**TITLE, "our_number": "3"}], totals=False)
    lines[4] = lines[4][:73] + "31022026" + lines[4][81:]
    report = load_lines(lines)
    assert (report.state, report.tables[0].rows_loaded, report.tables[0].rows_quarantined) == ("loaded", 2, 1)
    assert "31/02/2026" in report.quarantine[0].reason
    assert report.quarantine[0].line == 5


def test_the_same_event_twice_on_a_day_is_two_events(load_lines, store) -> None:
    report = load_lines(collection_240([TITLE, TITLE]))
    assert report.tables[0].rows_loaded == 2
    found = store.execute("select event_number from bank.collection_returns order by 1").fetchall()
    assert found == [(1,), (2,)]


def test_a_file_of_other_segments_says_which(load_lines) -> None:
    lines = collection_240([TITLE])
    lines = [line[:13] + "A" + line[14:] if line[7] == "3" else line for line in lines]
    report = load_lines(lines)
    assert report.state == "rejected"
    assert "its segments are: A" in report.message


@pytest.mark.parametrize("content", [b"", b"\x1a", b"nota;valor\n1;2\n", b"<html>", b"\x00" * 500, b"001" * 1000])
def test_what_is_no_cnab_file_is_refused(content, load_lines) -> None:
    assert load_lines(content).state == "rejected"


def test_a_400_of_a_bank_without_a_layout_is_refused(load_lines) -> None:
    lines = [record(400, p1="02RETORNO01COBRANCA", p77="756", p395="000001"), record(400, p1="9", p395="000002")]
    report = load_lines(lines)
    assert report.state == "rejected"
    assert "bank 756 in CNAB 400 is not known" in report.message


def test_the_statement_becomes_transactions_and_a_balance(load_lines, store) -> None:
    movements = [
        ("02072026", Decimal("1500.00"), "LIQUIDACAO COBRANCA", "DOC1"),
        ("03072026", Decimal("-99.90"), "TARIFA", ""),
        ("03072026", Decimal("-99.90"), "TARIFA", ""),
    ]
    report = load_lines(statement_240(movements))
    assert report.state == "loaded", report.message
    found = store.execute(
        "select bank_id, account_id, posted_date, amount_brl, memo, transaction_id, occurrence "
        "from bank.bank_transactions order by _line"
    ).fetchall()
    day = dt.date(2026, 7, 3)
    assert found == [
        ("341", "567890", dt.date(2026, 7, 2), Decimal("1500.00"), "LIQUIDACAO COBRANCA", "DOC1", 1),
        ("341", "567890", day, Decimal("-99.90"), "TARIFA", "none", 1),
        ("341", "567890", day, Decimal("-99.90"), "TARIFA", "none", 2),
    ]
    balances = store.execute("select balance_date, ledger_balance_brl from bank.balances").fetchall()
    assert balances == [(dt.date(2026, 7, 31), Decimal("1300.20"))]


@pytest.mark.parametrize(("place", "says"), [(176, "sum of debits"), (194, "sum of credits"), (170, "records")])
def test_a_statements_trailer_must_agree(place, says, load_lines) -> None:
    lines = statement_240([("02072026", Decimal("1500.00"), "A", "1"), ("02072026", Decimal("-5.00"), "B", "2")])
    lines[-2] = lines[-2][:place] + "9" + lines[-2][place + 1 :]
    report = load_lines(lines)
    assert report.state == "rejected"
    assert says in report.message


titles = st.fixed_dictionaries(
    {
        "code": st.sampled_from(["02", "06", "09", "17", "77"]),
        "our_number": st.from_regex(r"[1-9][0-9]{0,19}", fullmatch=True),
        "document": st.text("ABCÇÃ0123456789/-", min_size=1, max_size=15).map(str.strip).filter(bool),
        "due": st.dates(dt.date(2000, 1, 1), dt.date(2099, 12, 31)),
        "face": st.decimals(0, 10_000_000, places=2), "paid": st.decimals(100, 10_000_000, places=2),
        "fee": st.decimals(0, 99, places=2),
    }
)  # fmt: skip


@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(written=st.lists(titles, min_size=1, max_size=12))
def test_any_return_comes_back_as_it_was_written(written, load_lines, store) -> None:
    store.execute("delete from bank.collection_returns")
    store.execute("delete from load.files")
    report = load_lines(collection_240(written))
    assert report.state == "loaded", report.message
    found = store.execute(
        "select occurrence_code, our_number, document, due_date, face_brl, paid_brl, fee_brl "
        "from bank.collection_returns order by _line"
    ).fetchall()
    names = ("code", "our_number", "document", "due", "face", "paid", "fee")
    assert found == [tuple(title[name] for name in names) for title in written]


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_a_changed_digit_never_changes_an_amount_of_a_lot_with_totals(data, contracts, tmp_path) -> None:
    """One digit of a face value more or less: the trailer refuses it."""
    lines = collection_240([TITLE, {**TITLE, "our_number": "7"}])
    place = data.draw(st.integers(81, 95))
    digit = data.draw(st.sampled_from("0123456789").filter(lambda text: text != lines[2][place]))
    lines[2] = lines[2][:place] + digit + lines[2][place + 1 :]
    path = tmp_path / "july.ret"
    path.write_bytes("\r\n".join(lines).encode("cp1252"))
    with duckdb.connect() as connection, pytest.raises(RejectedFile, match=r"says 2,469\.12 as sum"):
        CnabReader().read(connection, path, contracts, None, None)
