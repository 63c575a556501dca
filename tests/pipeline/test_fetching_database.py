"""An ERP's database into raw, against a real PostgreSQL: exact, only what is new, never writing."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from decimal import Decimal
from pathlib import Path
from typing import Any

import psycopg
import pytest

from ingestion.connections.connection import ConnectionFault
from pipeline.failures import ExitCode
from pipeline.fetching import FetchReport, fetch
from pipeline.loading import load, open_for_writing
from pipeline.progress import Narrator
from pipeline.settings import DataFolder

READER_PASSWORD = "reader-password"
TABLE = """
create table titulos (
    empresa text, filial text, fornecedor text, numero text, parcela int, emissao date, entrada date, vencimento date,
    baixa date, valor numeric(15,2), valor_pago numeric(15,2), categoria text, situacao text, alterado timestamptz
)"""
QUERY = """
      select empresa as company, filial as business_unit, fornecedor as supplier_id, numero as document,
             parcela as instalment, emissao as issue_date, entrada as receipt_date, vencimento as due_date,
             baixa as paid_date, valor as amount_brl, valor_pago as paid_amount_brl, categoria as category,
             situacao as status, alterado
      from titulos"""


@pytest.fixture(scope="module")
def server(postgresql: Any) -> Any:
    with postgresql.owner() as owner:
        owner.execute(f"create role reader login password '{READER_PASSWORD}'")
    return postgresql


@pytest.fixture
def owner(server: Any) -> Iterator[psycopg.Connection]:
    with server.owner() as connection:
        connection.execute("drop table if exists titulos cascade")
        connection.execute(TABLE)
        # Even a user who may write is kept from writing by the read-only transaction.
        connection.execute("grant all on titulos to reader")
        yield connection


@pytest.fixture
def folder(tmp_path: Path, server: Any, monkeypatch: pytest.MonkeyPatch) -> DataFolder:
    monkeypatch.setenv("ERP_PASSWORD", READER_PASSWORD)
    made = DataFolder(tmp_path).prepare()
    describe(made, server)
    return made


def describe(
    folder: DataFolder,
    server: Any,
    *,
    query: str = QUERY,
    password: str = "{environment: ERP_PASSWORD}",
) -> None:
    folder.connections.mkdir(exist_ok=True)
    (folder.connections / "erp.yml").write_text(
        f"kind: database\nurl: {server.url('reader')}\npassword: {password}\n"
        f"tables:\n  erp.payables:\n    high_water: alterado\n    query: |{query}\n"
    )


def insert(owner: psycopg.Connection, first: int, last: int, changed: str, amount: str = "1234.56") -> None:
    owner.execute(
        """insert into titulos select '01', 'MTZ', 'F' || mod(n, 7), 'NF-' || n, 1, date '2026-06-01', date '2026-06-03',
           date '2026-07-03', null, %s::numeric + n, null, 'Serviços', 'Aberto', %s::timestamptz
           from generate_series(%s::int, %s::int) as n""",
        [amount, changed, first, last],
    )


def run(folder: DataFolder, names: tuple[str, ...] = ()) -> FetchReport:
    return fetch(folder, Narrator(quiet=True), names)


def take_in(folder: DataFolder) -> tuple[int, Decimal]:
    """Load the inbox; the number of rows known now, and the sum of their amounts."""
    report = load(folder, [folder.inbox], Narrator(quiet=True))
    assert not report.rejected, report.as_dict()
    assert report.total("rows_quarantined") == 0, report.as_dict()
    raw = open_for_writing(folder)
    try:
        rows = raw.execute("select count(*), sum(amount_brl) from erp.payables where _valid_to is null").fetchall()
    finally:
        raw.close()
    return rows[0]


def test_rows_arrive_to_the_cent(folder: DataFolder, owner: psycopg.Connection) -> None:
    insert(owner, 1, 25_000, "2026-06-03 10:00-03")
    report = run(folder)
    assert [(name, each.table, each.rows) for name, each in report.extracts] == [("erp", "erp.payables", 25_000)]
    expected = owner.execute("select count(*), sum(valor) from titulos").fetchone()
    assert take_in(folder) == expected


def test_only_what_is_new_is_read_again(folder: DataFolder, owner: psycopg.Connection) -> None:
    insert(owner, 1, 999, "2026-06-03 08:00-03")
    insert(owner, 1_000, 1_000, "2026-06-03 10:00-03")
    run(folder)
    take_in(folder)
    insert(owner, 1_001, 1_010, "2026-06-04 10:00-03")
    owner.execute(
        "update titulos set baixa = '2026-07-01', valor_pago = valor, alterado = '2026-07-01 09:00-03' where numero = 'NF-5'"
    )
    ((_, extract),) = run(folder).extracts
    assert extract.rows == 12  # ten new ones, a changed one, and the newest known one, which lies within the overlap
    assert take_in(folder) == (1_010, owner.execute("select sum(valor) from titulos").fetchone()[0])  # type: ignore[index]


def test_a_transaction_that_commits_late_is_caught_by_the_overlap(
    folder: DataFolder, owner: psycopg.Connection
) -> None:
    insert(owner, 1, 10, "2026-06-03 10:00-03")
    run(folder)
    take_in(folder)
    # Written at 9:50, committed only after the extract had read up to 10:00.
    insert(owner, 11, 11, "2026-06-03 09:50-03")
    run(folder)
    assert take_in(folder)[0] == 11


def test_an_extract_that_was_lost_before_loading_is_read_again(folder: DataFolder, owner: psycopg.Connection) -> None:
    insert(owner, 1, 10, "2026-06-03 10:00-03")
    ((_, extract),) = run(folder).extracts
    extract.path.unlink()
    ((_, again),) = run(folder).extracts
    assert again.rows == 10


def test_nothing_is_ever_written(folder: DataFolder, server: Any, owner: psycopg.Connection) -> None:
    insert(owner, 1, 3, "2026-06-03 10:00-03")
    owner.execute(
        "create or replace function wipe() returns setof titulos language sql as 'delete from titulos returning *'"
    )
    describe(folder, server, query="\n      select * from wipe()")
    report = run(folder)
    assert report.exit_code is ExitCode.FAILED
    assert "read-only transaction" in report.failures[0]
    assert owner.execute("select count(*) from titulos").fetchone() == (3,)
    assert not list(folder.inbox.iterdir())


def test_a_failure_halfway_leaves_nothing_in_the_inbox(
    folder: DataFolder, server: Any, owner: psycopg.Connection
) -> None:
    insert(owner, 1, 50_000, "2026-06-03 10:00-03")
    describe(folder, server, query=f"{QUERY}\n      where 1 / (49999 - cast(substr(numero, 4) as int)) < 2")
    report = run(folder)
    assert "division by zero" in report.failures[0]
    assert not list(folder.inbox.iterdir())


def test_a_value_that_the_database_cannot_read_is_shown_and_not_kept(
    folder: DataFolder, server: Any, owner: psycopg.Connection, capsys: pytest.CaptureFixture[str]
) -> None:
    insert(owner, 1, 2, "2026-06-03 10:00-03")
    describe(folder, server, query=f"{QUERY}\n      where cast(numero as integer) > 0")
    (failure,) = fetch(folder, Narrator()).failures
    assert 'invalid input syntax for type integer: "' in capsys.readouterr().err
    assert "erp.payables" in failure
    assert "syntax" not in failure


@pytest.mark.parametrize(
    ("password", "said"),
    [
        ("{environment: NOT_SET_ANYWHERE}", "NOT_SET_ANYWHERE is empty or not set"),
        ("{file: erp_password}", "erp_password cannot be read"),
        ("hunter2", "must say where the secret is"),
    ],
)
def test_the_password_comes_only_from_its_place(folder: DataFolder, server: Any, password: str, said: str) -> None:
    describe(folder, server, password=password)
    if password == "hunter2":
        with pytest.raises(ConnectionFault, match=r"erp\.yml, line 3: .*must say where"):
            run(folder)
        return
    (failure,) = run(folder).failures
    assert said in failure


def test_a_secrets_file_is_read_and_must_be_private(folder: DataFolder, server: Any, owner: psycopg.Connection) -> None:
    insert(owner, 1, 2, "2026-06-03 10:00-03")
    describe(folder, server, password="{file: erp_password}")
    secret = folder.connections / "erp_password"
    secret.write_text(f"{READER_PASSWORD}\n")
    secret.chmod(0o644)
    assert "can be read by others" in run(folder).failures[0]
    secret.chmod(0o600)
    assert run(folder).extracts[0][1].rows == 2


def test_a_wrong_password_is_told_without_the_password(
    folder: DataFolder, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("ERP_PASSWORD", "wrong-and-secret")
    report = fetch(folder, Narrator())
    assert "password authentication failed" in report.failures[0]
    assert "wrong-and-secret" not in report.failures[0] + capsys.readouterr().err


def test_a_password_in_the_address_is_refused(folder: DataFolder, server: Any) -> None:
    path = folder.connections / "erp.yml"
    path.write_text(path.read_text().replace("reader@", "reader:hunter2@"))
    with pytest.raises(ConnectionFault, match=r"erp\.yml, line 2: \"url\" holds a password") as told:
        run(folder)
    assert "hunter2" not in str(told.value)


def test_high_water_is_refused_for_full_exports(folder: DataFolder) -> None:
    path = folder.connections / "erp.yml"
    path.write_text(path.read_text().replace("erp.payables", "erp.suppliers"))
    with pytest.raises(ConnectionFault, match=r"line 6: erp\.suppliers is a full export"):
        run(folder)


def test_the_command_line_fetches_and_tells(
    folder: DataFolder, owner: psycopg.Connection, retaguarda: Callable[..., object]
) -> None:
    insert(owner, 1, 4, "2026-06-03 10:00-03")
    answer = retaguarda("--data", str(folder.root), "fetch", "erp")
    assert answer.returncode == 0, answer.stderr  # type: ignore[attr-defined]
    assert "erp.payables: 4 rows" in answer.stderr  # type: ignore[attr-defined]
    missing = retaguarda("--data", str(folder.root), "fetch", "sap")
    assert missing.returncode == 2  # type: ignore[attr-defined]
    assert "There are: erp" in missing.stderr  # type: ignore[attr-defined]
