"""EFD (the digital tax bookkeeping, ICMS/IPI and Contribuições): its documents and the taxes under each.

One entry of a table here is one kind of record: which field of the published layout is which column.
"""

# ruff: noqa: S608 — names of records and columns are those of these modules.

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING

from ingestion.readers.sped_records import LINES, SpedFile, field

if TYPE_CHECKING:
    import duckdb

DOCUMENTS, DETAILS = "fiscal.bookkeeping_documents", "fiscal.bookkeeping_details"
DOCUMENT_COLUMNS = (
    "direction", "issued_by", "participant", "model", "situation", "series", "number", "access_key", "document_date",
    "moved_date", "total_brl", "discount_brl", "products_brl", "icms_brl", "icms_st_brl", "ipi_brl", "pis_brl",
    "cofins_brl",
)  # fmt: skip
DETAIL_COLUMNS = ("situation_code", "cfop", "rate", "operation_brl", "base_brl", "amount_brl")
EVERY = ("icms_ipi", "contributions")


@dataclass(frozen=True)
class Layout:
    """A kind of record: in which bookkeepings, of how many fields at least, its columns by field number."""

    record: str
    kinds: tuple[str, ...]
    fields: int
    columns: dict[str, int]
    tax: str = ""


DOCUMENT_LAYOUTS = (
    Layout("C100", EVERY, 29, {
        "direction": 2, "issued_by": 3, "participant": 4, "model": 5, "situation": 6, "series": 7, "number": 8,
        "access_key": 9, "document_date": 10, "moved_date": 11, "total_brl": 12, "discount_brl": 14,
        "products_brl": 16, "icms_brl": 22, "icms_st_brl": 24, "ipi_brl": 25, "pis_brl": 26, "cofins_brl": 27,
    }),
    Layout("C500", ("icms_ipi",), 25, {
        "direction": 2, "issued_by": 3, "participant": 4, "model": 5, "situation": 6, "series": 7, "number": 10,
        "document_date": 11, "moved_date": 12, "total_brl": 13, "discount_brl": 14, "products_brl": 15,
        "icms_brl": 20, "icms_st_brl": 22, "pis_brl": 24, "cofins_brl": 25,
    }),
    Layout("C500", ("contributions",), 14, {
        "participant": 2, "model": 3, "situation": 4, "series": 5, "number": 7, "document_date": 8, "moved_date": 9,
        "total_brl": 10, "icms_brl": 11, "pis_brl": 13, "cofins_brl": 14,
    }),
    Layout("C600", EVERY, 22, {
        "model": 2, "series": 4, "document_date": 9, "total_brl": 10, "discount_brl": 11, "products_brl": 13,
        "icms_brl": 18, "icms_st_brl": 20, "pis_brl": 21, "cofins_brl": 22,
    }),
    Layout("D100", EVERY, 23, {
        "direction": 2, "issued_by": 3, "participant": 4, "model": 5, "situation": 6, "series": 7, "number": 9,
        "access_key": 10, "document_date": 11, "moved_date": 12, "total_brl": 15, "discount_brl": 16,
        "products_brl": 18, "icms_brl": 20,
    }),
)  # fmt: skip
_ICMS = {"situation_code": 2, "cfop": 3, "rate": 4, "operation_brl": 5, "base_brl": 6, "amount_brl": 7}
_CONTRIBUTION = {"situation_code": 2, "operation_brl": 3, "base_brl": 4, "rate": 5, "amount_brl": 6}
_CREDIT = {"situation_code": 2, "operation_brl": 3, "base_brl": 5, "rate": 6, "amount_brl": 7}
DETAIL_LAYOUTS = (
    *(Layout(record, ("icms_ipi",), fields, _ICMS, "icms") for record, fields in (
        ("C190", 11), ("C590", 10), ("C690", 10), ("D190", 8),
    )),
    Layout("C501", ("contributions",), 8, _CREDIT, "pis"),
    Layout("C505", ("contributions",), 8, _CREDIT, "cofins"),
    Layout("C601", ("contributions",), 6, _CONTRIBUTION, "pis"),
    Layout("C605", ("contributions",), 6, _CONTRIBUTION, "cofins"),
)  # fmt: skip
ELEMENTS = {
    "document_date": "DT_DOC", "total_brl": "VL_DOC", "number": "NUM_DOC", "access_key": "CHV_NFE",
    "operation_brl": "VL_OPR", "direction": "IND_OPER", "issued_by": "IND_EMIT", "situation": "COD_SIT",
    "establishment_tax_id": "CNPJ", "rate": "ALIQ", "moved_date": "DT_E_S",
}  # fmt: skip
_ESTABLISHMENTS = ("A010", "C010", "D010", "F010")


def stage_bookkeeping(connection: duckdb.DuckDBPyConnection, file: SpedFile) -> dict[str, str]:
    """Make a temporary table of each table's rows; table → relation. Broken lines are in one of them, with why."""
    documents = [layout for layout in DOCUMENT_LAYOUTS if file.kind in layout.kinds]
    details = [layout for layout in DETAIL_LAYOUTS if file.kind in layout.kinds]
    wanted = ", ".join(f"'{layout.record}'" for layout in (*documents, *details))
    places = ", ".join(f"'{record}'" for record in _ESTABLISHMENTS)
    parents = ", ".join(f"'{layout.record}'" for layout in documents)
    connection.execute(
        "create or replace temp table text_sped_book as select *, last_value(case when record in "
        f"({places}) then {field(2)} end ignore nulls) over (order by line) as place, last_value(case when record in "
        f"({parents}) then line end ignore nulls) over (order by line) as document_line "
        f"from {LINES} where record in ({wanted}, {places}) or is_broken"
    )
    everything = f"is_broken and (record is null or record not in ({wanted}))"
    broken = _select(file, "document", None, DOCUMENT_COLUMNS, everything)
    relations = {DOCUMENTS: "text_sped_documents", DETAILS: "text_sped_details"}
    selects = [*(_select(file, "document", layout, DOCUMENT_COLUMNS) for layout in documents), broken]
    connection.execute(f"create or replace temp table {relations[DOCUMENTS]} as {' union all by name '.join(selects)}")
    selects = [_select(file, "detail", layout, DETAIL_COLUMNS) for layout in details]
    connection.execute(f"create or replace temp table {relations[DETAILS]} as {' union all by name '.join(selects)}")
    return relations


def bookkeeping_notes(connection: duckdb.DuckDBPyConnection) -> dict[str, tuple[str, ...]]:
    """Per kind of detail, the value of its operations and that of the documents above it."""
    found = connection.execute(
        "with details as (select record_type, record_number, sum(try_cast(replace(operation_brl, ',', '.') as "
        "decimal(18, 2))) as operations from text_sped_details where _problem is null group by all) "
        "select details.record_type, documents.record_type, count(*), sum(operations), "
        "sum(try_cast(replace(total_brl, ',', '.') as decimal(18, 2))) "
        "from details join text_sped_documents as documents using (record_number) group by all order by all"
    ).fetchall()
    notes = tuple(
        f"{documents:,} {parent} of {total or Decimal(0):,.2f} and their {child} of {operations or Decimal(0):,.2f} "
        f"{'agree' if total == operations else 'do not agree'}."
        for child, parent, documents, operations, total in found
    )
    return {DETAILS: notes} if notes else {}


def _select(file: SpedFile, of: str, layout: Layout | None, columns: tuple[str, ...], where: str | None = None) -> str:
    """Rows of one kind of record; without a layout the lines that are no record at all."""
    values = [
        f"{field(layout.columns[column]) if layout and column in layout.columns else 'cast(null as varchar)'} as {column}"
        for column in columns
    ]
    tax_id = file.tax_id.replace("'", "")
    problem = "'the line is no record of a SPED file'"
    if layout is not None:
        under = "when document_line is null then 'it stands under no document' " if of == "detail" else ""
        problem = (
            f"case when is_broken or len(fields) < {layout.fields + 2} then '{layout.record} has too few fields' "
            f"{under}end"
        )
    numbers = (
        "cast(line as varchar) as record_number" if of == "document" else
        f"cast(line as varchar) as detail_number, cast(document_line as varchar) as record_number, "
        f"'{layout.tax if layout else ''}' as tax"
    )  # fmt: skip
    return (
        f"select '{tax_id}' as company, 'unassigned' as business_unit, '{file.kind}' as bookkeeping, "
        f"coalesce(place, '{tax_id}') as establishment_tax_id, '{file.period_start}' as period_start, "
        f"'{file.period_end}' as period_end, {numbers}, record as record_type, {', '.join(values)}, line as _line, "
        f"text as _raw_line, {problem} as _problem from text_sped_book "
        f"where {where or f'record = {chr(39)}{layout.record if layout else chr(45)}{chr(39)}'}"
    )
