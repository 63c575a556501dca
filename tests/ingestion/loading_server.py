"""Forks a process for every store that it is told to load into: `python loading_server.py CONTRACTS FOLDER`.

For each line on standard input, the path of a store, it writes the process id of the one that loads, and, when that
one has ended, how. It opens nothing itself and computes nothing, so that a fork is a fresh process, only warm.
"""

from __future__ import annotations

import os
import sys
import traceback
from datetime import datetime
from pathlib import Path

import fastexcel  # noqa: F401 — loaded once here, not in every process
import lxml.etree  # noqa: F401
import polars  # noqa: F401

from ingestion.contracts import Contract, load_contracts
from ingestion.load_many import load_files
from ingestion.raw import open_raw
from ingestion.readers import FORMATS, import_module

TABLES = ("erp.payables", "erp.suppliers", "bank.bank_transactions", "bank.balances")
FOLDERS = ((datetime(2026, 1, 31), "first"), (datetime(2026, 2, 28), "second"))


def contracts_of(root: Path) -> dict[str, Contract]:
    """The contracts of the files that are loaded here: few tables open quickly."""
    found = load_contracts(root)
    return {name: contract for name, contract in found.items() if name in TABLES or "nfe" in contract.readers}


def load_folders(store: Path, folder: Path, contracts: dict[str, Contract]) -> None:
    """Load what became known first, then what became known second."""
    connection = open_raw(store, contracts)
    for known_at, name in FOLDERS:
        load_files(connection, sorted((folder / name).iterdir()), contracts, batch_id=name, knowledge_at=known_at)
    connection.close()


def main() -> None:
    """Serve until standard input ends."""
    contracts, folder = contracts_of(Path(sys.argv[1])), Path(sys.argv[2])
    for each in FORMATS:
        import_module(f"ingestion.readers.{each.reader}")
    print("ready", flush=True)
    for line in sys.stdin:
        child = os.fork()
        if child == 0:
            status = 1
            try:
                load_folders(Path(line.strip()), folder, contracts)
                status = 0
            except Exception:
                traceback.print_exc()
            finally:
                os._exit(status)
        print(child, flush=True)
        _, ended = os.waitpid(child, 0)
        print(os.waitstatus_to_exitcode(ended), flush=True)


if __name__ == "__main__":
    main()
