"""A load that is killed at any moment has loaded the whole file or nothing of it."""

from __future__ import annotations

import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from ingestion.contracts import Contract
from ingestion.load import load_file
from ingestion.raw import open_raw
from tests.ingestion.conftest import HEADER, PROJECT, payable

CHILD = """
import sys
from pathlib import Path
from ingestion.contracts import load_contracts
from ingestion.load import load_file
from ingestion.raw import open_raw
contracts = load_contracts(Path(sys.argv[1]))
connection = open_raw(Path(sys.argv[2]), contracts)
print("started", flush=True)
load_file(connection, Path(sys.argv[3]), contracts, batch_id="killed")
print("ended", flush=True)
connection.close()
"""
ROWS = 60_000


@pytest.mark.slow
def test_killed_in_the_middle_all_or_nothing(contracts: dict[str, Contract], tmp_path: Path) -> None:
    first, second = tmp_path / "payables_1.csv", tmp_path / "payables_2.csv"
    first.write_text("\n".join([HEADER, *(payable(document=str(n)) for n in range(ROWS))]), encoding="utf-8")
    lines = [payable(document=str(n), amount="2,00") for n in range(ROWS)]
    lines[5] = payable(document="5", due="32/07/2026")
    second.write_text("\n".join([HEADER, *lines]), encoding="utf-8")
    raw = tmp_path / "raw.duckdb"
    connection = open_raw(raw, contracts)
    assert load_file(connection, first, contracts, batch_id="first").state == "loaded"
    connection.close()
    killed = 0
    for delay in (0.02, 0.1, 0.2, 0.4, 0.7, 1.0, 1.5):
        child = subprocess.Popen(
            [sys.executable, "-c", CHILD, str(PROJECT), str(raw), str(second)], stdout=subprocess.PIPE, text=True
        )
        assert child.stdout is not None
        assert child.stdout.readline() == "started\n"
        time.sleep(delay)
        child.send_signal(signal.SIGKILL)
        child.communicate()
        connection = open_raw(raw, contracts)
        files = connection.execute("select count(*) from load.files").fetchall()[0][0]
        state = connection.execute(
            "select count(*), count(*) filter (_valid_to is null), count(*) filter (amount_brl = 2), "
            "(select count(*) from load.quarantine), (select count(*) from load.tables) from erp.payables"
        ).fetchall()[0]
        connection.close()
        if files > 1:
            # Row 5 is in quarantine, so its first version stays.
            assert state == (2 * ROWS - 1, ROWS, ROWS - 1, 1, 2)
            break
        assert state == (ROWS, ROWS, 0, 0, 1)
        killed += 1
    assert killed, "the child was never killed before it had finished"
    connection = open_raw(raw, contracts)
    report = load_file(connection, second, contracts, batch_id="again")
    assert report.state in ("loaded", "unchanged")
    assert connection.execute("select count(*) from erp.payables where _valid_to is null").fetchall() == [(ROWS,)]
    connection.close()
