"""Loads that are killed at any moment: loaded again, the store is what it would have been, row by row."""

from __future__ import annotations

import contextlib
import os
import random
import signal
import subprocess
import sys
import time
import zipfile
from collections.abc import Iterator
from pathlib import Path

import duckdb
import pytest
import xlsxwriter

from tests.ingestion.conftest import HEADER, PROJECT, payable
from tests.ingestion.loading_server import load_folders
from tests.ingestion.test_load_many import document

KILLS = int(os.environ.get("RETAGUARDA_KILLS", "200"))
KILLS_A_STORE = 8
SUPPLIER_HEADER = "Empresa;Unidade;Fornecedor;Nome;Ativo"
STATEMENT = """OFXHEADER:100
DATA:OFXSGML
VERSION:102
ENCODING:USASCII
CHARSET:1252

<OFX><BANKMSGSRSV1><STMTTRNRS><STMTRS><CURDEF>BRL<BANKACCTFROM><BANKID>341<ACCTID>123-4<ACCTTYPE>CHECKING</BANKACCTFROM>
<BANKTRANLIST><DTSTART>20260101<DTEND>20260131
{movements}
</BANKTRANLIST><LEDGERBAL><BALAMT>100.00<DTASOF>20260131</LEDGERBAL></STMTRS></STMTTRNRS></BANKMSGSRSV1></OFX>
"""


def statement(*amounts: str) -> str:
    movements = (
        f"<STMTTRN><TRNTYPE>DEBIT<DTPOSTED>202601{place + 1:02d}<TRNAMT>{amount}<FITID>{place}<MEMO>PAGTO {place}</STMTTRN>"
        for place, amount in enumerate(amounts)
    )
    return STATEMENT.format(movements="\n".join(movements))


def write_files(folder: Path) -> None:
    """Files of five kinds, what became known later correcting what was known before; some rows are bad."""
    for name, amount, kept in (("first", "1,00", 12), ("second", "2,00", 10)):
        here = folder / name
        here.mkdir()
        lines = [payable(document=str(number), amount=amount if number % 3 else "5,00") for number in range(30)]
        lines[4] = payable(document="4", due="32/07/2026")
        (here / "payables.csv").write_text("\n".join([HEADER, *lines, ""]), encoding="utf-8")
        suppliers = [f"01;MTZ;F{number};Nome {amount};sim" for number in range(kept)]
        (here / "fornecedores.csv").write_text("\n".join([SUPPLIER_HEADER, *suppliers, ""]), encoding="cp1252")
        with xlsxwriter.Workbook(here / "contas_a_pagar_sul.xlsx") as book:
            sheet = book.add_worksheet()
            for row, line in enumerate(
                [HEADER, *(payable(unit="SUL", document=f"S{n}", amount=amount) for n in range(5))]
            ):
                sheet.write_row(row, 0, line.split(";"))
        (here / "extrato.ofx").write_text(statement("-1.00", f"-{amount.replace(',', '.')}", "3.00"), encoding="cp1252")
        for number in range(1, 4):
            (here / f"nota_{number}.xml").write_bytes(
                document(number).replace(b"Cliente", f"Cliente {amount}".encode())
            )
        with zipfile.ZipFile(here / "malote.zip", "w") as package:
            package.writestr("payables_ne.csv", "\n".join([HEADER, payable(unit="NE", document="N1", amount=amount)]))
            package.writestr("nota_9.xml", document(9))
        (here / "quebrado.csv").write_text("<html>Sessão expirada</html>", encoding="utf-8")


def state(store: Path) -> dict[str, list[tuple[object, ...]]]:
    """Every row of every table, with the name of its file in place of the id, and without when it was loaded."""
    with duckdb.connect(str(store), read_only=True) as connection:
        tables = connection.execute(
            "select table_schema, table_name from information_schema.tables where table_schema <> 'load' order by all"
        ).fetchall()
        found = {
            f"{schema}.{table}": connection.execute(
                f'select rows.* exclude (_file_id, _batch_id), file_name from "{schema}"."{table}" as rows '
                "join load.files as f on f.file_id = rows._file_id order by all"
            ).fetchall()
            for schema, table in tables
        }
        # A file that had been loaded when the process was killed is unchanged the next time: the first time counts.
        found["load.tables"] = connection.execute(
            "select t.* exclude (file_id), file_name, knowledge_at from load.tables as t join load.files as f using "
            "(file_id) where f.state = 'loaded' order by all"
        ).fetchall()
        found["load.quarantine"] = connection.execute(
            "select q.* exclude (file_id, resolved_by), f.file_name, f.knowledge_at, r.file_name "
            "from load.quarantine as q join load.files as f using (file_id) "
            "left join load.files as r on r.file_id = q.resolved_by order by all"
        ).fetchall()
        found["refused"] = connection.execute(
            "select distinct file_name, message from load.files where state not in ('loaded', 'unchanged') order by all"
        ).fetchall()
    return found


class Server:
    """The process that forks the ones to be killed."""

    def __init__(self, folder: Path) -> None:
        self.process = subprocess.Popen(
            [sys.executable, "-m", "tests.ingestion.loading_server", str(PROJECT), str(folder)],
            cwd=PROJECT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
        )  # fmt: skip
        assert self._line() == "ready"

    def load(self, store: Path, kill_after: float | None) -> int:
        """Load into a store, killed after some seconds; 0 when it ended by itself, else minus the signal."""
        assert self.process.stdin is not None
        self.process.stdin.write(f"{store}\n")
        self.process.stdin.flush()
        child = int(self._line())
        if kill_after is not None:
            time.sleep(kill_after)
            # Ended and not yet waited for, it would still be there; it is the server that waits.
            with contextlib.suppress(ProcessLookupError):
                os.kill(child, signal.SIGKILL)
        return int(self._line())

    def _line(self) -> str:
        assert self.process.stdout is not None
        return self.process.stdout.readline().strip()


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Server, Path]]:
    folder = tmp_path_factory.mktemp("exports")
    write_files(folder)
    started = Server(folder)
    with started.process:
        yield started, folder
        started.process.kill()


@pytest.mark.slow
def test_killed_at_two_hundred_moments_the_store_is_as_if_never_killed(
    server: tuple[Server, Path], tmp_path: Path
) -> None:
    process, _ = server
    undisturbed = tmp_path / "undisturbed.duckdb"
    began = time.monotonic()
    assert process.load(undisturbed, None) == 0
    duration = time.monotonic() - began
    wanted = state(undisturbed)
    assert len(wanted["erp.payables"]) > 40
    assert len(wanted["refused"]) == 1
    assert wanted["load.quarantine"]
    chance = random.Random(2026)
    killed = stores = 0
    while killed < KILLS:
        store = tmp_path / f"{stores}.duckdb"
        for _ in range(KILLS_A_STORE):
            # Mostly early, for later attempts find files loaded already and end sooner.
            killed += process.load(store, chance.random() ** 3 * duration) == -signal.SIGKILL
        assert process.load(store, None) == 0
        assert state(store) == wanted, f"store {stores}"
        for path in tmp_path.glob(f"{stores}.duckdb*"):
            path.unlink()
        stores += 1


def test_loading_twice_is_as_loading_once(server: tuple[Server, Path], tmp_path: Path, contracts) -> None:
    process, folder = server
    store = tmp_path / "twice.duckdb"
    assert process.load(store, None) == 0
    once = state(store)
    from tests.ingestion.loading_server import contracts_of

    load_folders(store, folder, contracts_of(PROJECT))
    assert state(store) == once
