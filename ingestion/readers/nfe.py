"""NF-e and NFC-e files → documents, items, instalments, taxes, events and unused numbers.

Takes one file or a batch: Python walks the elements once, DuckDB does the rest over the rows of the whole batch. A
document whose items do not add up to its totals goes to quarantine whole, with the sums in the reason. Without an
answer of the tax authority a document is loaded as not authorised: it has no protocol.
"""

# ruff: noqa: S608 — SQL is written from the columns named in these modules.

from __future__ import annotations

import dataclasses
from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING

import polars as pl

from ingestion.members import Member, MemberTables, RejectedMember
from ingestion.readers import RejectedFile, TextTable
from ingestion.readers.mapped import lay_mapping
from ingestion.readers.nfe_document import (
    DOCUMENT_COLUMNS,
    ELEMENTS,
    INSTALMENT_COLUMNS,
    ITEM_COLUMNS,
    TAX_COLUMNS,
    DocumentRows,
    Row,
)
from ingestion.readers.nfe_event import EVENT_COLUMNS, GAP_COLUMNS, event_rows, gap_rows
from ingestion.readers.nfe_totals import problems_sql
from ingestion.readers.nfe_xml import LARGEST_DOCUMENT, NothingToLoad, Parts, read_parts, texts

if TYPE_CHECKING:
    import duckdb

    from ingestion.contracts import Contract
    from ingestion.mapping import Mapping

DOCUMENTS, ITEMS = "fiscal.fiscal_documents", "fiscal.fiscal_document_items"
INSTALMENTS, TAXES = "fiscal.fiscal_document_instalments", "fiscal.fiscal_document_taxes"
EVENTS, GAPS = "fiscal.fiscal_events", "fiscal.fiscal_number_gaps"
COLUMNS: dict[str, tuple[str, ...]] = {
    DOCUMENTS: DOCUMENT_COLUMNS,
    ITEMS: ITEM_COLUMNS,
    INSTALMENTS: INSTALMENT_COLUMNS,
    TAXES: TAX_COLUMNS,
    EVENTS: EVENT_COLUMNS,
    GAPS: GAP_COLUMNS,
}
OF_A_DOCUMENT = (DOCUMENTS, ITEMS, INSTALMENTS, TAXES)
SERVICES = "text_nfe_services"
REMEDY = "Ask the issuer for the document that was authorised, and load that."
MOMENTS = ("issued_at", "departed_at", "authorised_at", "event_at", "registered_at")
NOT_DATED_ZONE = "America/Sao_Paulo"  # moments without an offset, of layouts before 3.10


class NfeReader:
    """Reads NF-e, NFC-e, their events and number gaps, whatever envelope they are in."""

    def read(
        self,
        connection: duckdb.DuckDBPyConnection,
        path: Path,
        contracts: dict[str, Contract],
        contract: Contract | None,
        mapping: Mapping | None,
    ) -> list[TextTable]:
        """Text tables of one file. Raises RejectedFile if it is not a fiscal document or cannot be read safely."""
        if contract is not None and contract.name not in COLUMNS:
            raise RejectedFile(
                f"{path.name}: an NF-e file holds fiscal documents and their events, not {contract.name}.",
                f"Load it without naming a table, or as {DOCUMENTS}.",
            )
        if path.stat().st_size > LARGEST_DOCUMENT:
            raise RejectedFile(
                f"{path.name} has {path.stat().st_size / 1048576:,.0f} MiB; a fiscal document may have "
                f"{LARGEST_DOCUMENT // 1048576} MiB.",
                "Export one document a file.",
            )
        batch = self.read_members(connection, [Member(path.name, path.read_bytes())], contracts, mapping)
        for rejected in batch.rejected:
            raise RejectedFile(rejected.message, rejected.remedy)
        if not batch.tables:
            raise RejectedFile(f"{batch.notes[path.name]}.", "Take the file out of the folder.")
        return batch.tables

    def read_members(
        self,
        connection: duckdb.DuckDBPyConnection,
        members: Iterable[Member],
        contracts: dict[str, Contract],
        mapping: Mapping | None,
    ) -> MemberTables:
        """Text tables of many files, with `_member`. A file that cannot be read is rejected alone."""
        rejected: list[RejectedMember] = []
        notes: dict[str, str] = {}
        documents = DocumentRows()
        events: list[Row] = []
        gaps: list[Row] = []
        for member in members:
            try:
                parts = read_parts(member.name, member.content)
            except RejectedFile as error:
                rejected.append(RejectedMember(member.name, error.message, error.remedy))
            except NothingToLoad as known:
                notes[member.name] = f"{member.name} is {known.what}: there is nothing in it to load"
            else:
                _add_documents(documents, member.name, parts)
                events.extend(event_rows(member.name, parts.events))
                gaps.extend(gap_rows(member.name, parts.gaps))
        rows = {
            DOCUMENTS: documents.documents,
            ITEMS: documents.items,
            INSTALMENTS: documents.instalments,
            TAXES: documents.taxes,
            EVENTS: events,
            GAPS: gaps,
        }
        _stage(connection, SERVICES, ("_document", "amount"), documents.services, {"_document": pl.Int64})
        for name, found in rows.items():
            extra = {"_line": pl.Int64, "_member": pl.String, "_document": pl.Int64}
            _stage(connection, _relation(name), (*COLUMNS[name], *extra), found, extra)
        _find_problems(connection)
        tables = [
            _table(connection, name, contracts[name], mapping, len(found)) for name, found in rows.items() if found
        ]
        return MemberTables(tables, tuple(rejected), notes)


def _add_documents(documents: DocumentRows, member: str, parts: Parts) -> None:
    answers = {values.get("chNFe"): values for values in map(texts, parts.answers)}
    for part in parts.documents:
        key = (part.get("Id") or "").removeprefix("NFe")
        documents.add(member, part, answers.get(key, {}))


def _relation(name: str) -> str:
    return f"text_nfe_{name.partition('.')[2]}"


def _stage(
    connection: duckdb.DuckDBPyConnection,
    relation: str,
    columns: tuple[str, ...],
    rows: list[Row],
    types: dict[str, type[pl.DataType]],
) -> None:
    """A temporary table of the rows, texts unless `types` says otherwise."""
    values = list(zip(*rows, strict=True)) or [()] * len(columns)
    frame = pl.DataFrame(
        [
            pl.Series(name, column, dtype=types.get(name, pl.String))
            for name, column in zip(columns, values, strict=True)
        ]
    )
    connection.register("text_nfe_rows", frame)
    connection.execute(f"create or replace temp table {relation} as select * from text_nfe_rows")
    connection.unregister("text_nfe_rows")


def _find_problems(connection: duckdb.DuckDBPyConnection) -> None:
    select = problems_sql(_relation(DOCUMENTS), _relation(ITEMS), SERVICES)
    connection.execute(f"create or replace temp table text_nfe_problems as {select}")


def _table(
    connection: duckdb.DuckDBPyConnection, name: str, contract: Contract, mapping: Mapping | None, rows: int
) -> TextTable:
    """The view that hands over one table: moments in UTC, problems of its document, the row as text on demand."""
    columns = COLUMNS[name]
    values = [_moment(column) if column in MOMENTS else f"source.{column}" for column in columns]
    selected = ", ".join(f"{value} as {column}" for column, value in zip(columns, values, strict=True))
    # Written when somebody asks for it: DuckDB leaves out what a query does not name.
    packed = ", ".join(f"{column} := source.{column}" for column in columns)
    problem, join, further = "cast(null as varchar)", "", ""
    if name in OF_A_DOCUMENT:
        problem = "problems.problem"
        join = "left join text_nfe_problems as problems on problems._document = source._document"
        borrowed = _borrowed(name, contract, mapping)
        if borrowed:
            further = "".join(f", documents.{column}" for column in borrowed)
            join += f" join {_relation(DOCUMENTS)} as documents on documents._document = source._document"
    remedy = REMEDY.replace("'", "''")
    view = f"{_relation(name)}_rows"
    connection.execute(
        f"create or replace temp view {view} as select {selected}, source._line, source._member, "
        f"cast(to_json(struct_pack({packed})) as varchar) as _raw_line, {problem} as _problem, "
        f"'{remedy}' as _remedy{further} from {_relation(name)} as source {join}"
    )
    return TextTable(
        table=name,
        relation=lay_mapping(connection, view, contract, mapping),
        rows_read=rows,
        encoding="xml",
        dialect=dataclasses.replace(
            contract.dialect,
            decimal=".",
            date_format="yyyy-mm-dd",
            timestamp_format="yyyy-mm-dd hh:mm:ss",
            timezone="UTC",
        ),
        headers={column: ELEMENTS[column] for column in columns if column in ELEMENTS},
    )


def _borrowed(name: str, contract: Contract, mapping: Mapping | None) -> list[str]:
    """Columns of the document that a mapping looks at and its items, instalments or taxes do not have themselves.

    The unit of a document that is told by its issuer is that of its items too.
    """
    if mapping is None or name == DOCUMENTS:
        return []
    asked = {*(lookup.from_column for lookup in mapping.lookups.values()), *mapping.copies.values()}
    own = {column.name for column in contract.columns}
    return [column for column in DOCUMENT_COLUMNS if column in asked - own]


def _moment(column: str) -> str:
    """UTC text of a moment with its offset, or of a local one without; as it stands if it is neither."""
    text = f"source.{column}"
    with_offset = f"try_cast({text} as timestamptz) at time zone 'UTC'"
    local = f"(try_cast({text} as timestamp) at time zone '{NOT_DATED_ZONE}') at time zone 'UTC'"
    has_offset = f"regexp_matches({text}, '([+-][0-9]{{2}}:?[0-9]{{2}}|Z)$') and length({text}) > 10"
    return (
        f"coalesce(strftime(case when {has_offset} then {with_offset} else {local} end, '%Y-%m-%d %H:%M:%S'), {text})"
    )
