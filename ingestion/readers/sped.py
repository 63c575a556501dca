"""SPED files: ECD (the digital ledger), EFD ICMS/IPI and EFD-Contribuições (the digital tax bookkeepings)."""

# ruff: noqa: S608 — relations are named by these modules.

from __future__ import annotations

import dataclasses
from pathlib import Path
from typing import TYPE_CHECKING

from ingestion.readers import RejectedFile, TextTable
from ingestion.readers.mapped import lay_mapping
from ingestion.readers.sped_ecd import ACCOUNTS, BALANCES, JOURNAL, ledger_notes, stage_ledger
from ingestion.readers.sped_ecd import ELEMENTS as LEDGER_ELEMENTS
from ingestion.readers.sped_efd import DETAILS, DOCUMENTS, bookkeeping_notes, stage_bookkeeping
from ingestion.readers.sped_efd import ELEMENTS as BOOKKEEPING_ELEMENTS
from ingestion.readers.sped_records import read_records

if TYPE_CHECKING:
    import duckdb

    from ingestion.contracts import Contract
    from ingestion.mapping import Mapping

TABLES = {"ecd": (ACCOUNTS, JOURNAL, BALANCES), "efd": (DOCUMENTS, DETAILS)}


class SpedReader:
    """Reads a SPED file whole or not at all: its own counts must hold. Broken lines go to quarantine."""

    def read(
        self,
        connection: duckdb.DuckDBPyConnection,
        path: Path,
        contracts: dict[str, Contract],
        contract: Contract | None,
        mapping: Mapping | None,
    ) -> list[TextTable]:
        """The tables of the ledger or of the bookkeeping that have rows. Raises RejectedFile (see read_records).

        The company is the CNPJ of the file; a mapping with a constant gives it the code that others know it by.
        """
        every = {name for names in TABLES.values() for name in names}
        if contract is not None and contract.name not in every:
            raise RejectedFile(
                f"{path.name}: a SPED file holds {', '.join(sorted(every))}, not {contract.name}.",
                "Load it without naming a table.",
            )
        file = read_records(connection, path)
        if file.kind == "ecd":
            relations, notes = stage_ledger(connection, file), ledger_notes(connection)
            elements = LEDGER_ELEMENTS
        else:
            relations, notes = stage_bookkeeping(connection, file), bookkeeping_notes(connection)
            elements = dict.fromkeys(TABLES["efd"], BOOKKEEPING_ELEMENTS)
        tables: list[TextTable] = []
        for name, relation in relations.items():
            (rows,) = connection.execute(f"select count(*) from {relation}").fetchall()[0]
            if rows:
                tables.append(
                    TextTable(
                        table=name,
                        relation=lay_mapping(connection, relation, contracts[name], mapping),
                        rows_read=rows,
                        encoding=file.encoding,
                        dialect=dataclasses.replace(contracts[name].dialect, decimal=",", date_format="ddmmyyyy"),
                        notes=notes.get(name, ()),
                        headers=elements[name],
                    )
                )
        if not tables:
            raise RejectedFile(
                f"{path.name} holds no accounts, entries, balances or documents: the bookkeeping is without movement.",
                "Nothing to do, unless there should be some.",
            )
        return tables
