"""Bank returns in CNAB 240 and 400 → collection returns (T/U, detail), bank transactions and balances (segment E)."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

import polars as pl

from ingestion.readers import RejectedFile, TextTable
from ingestion.readers.cnab_checks import check_collection_lots, check_file_240, check_file_400, refuse_unbelievable
from ingestion.readers.cnab_layouts import (
    AMOUNTS,
    DATES,
    LAYOUTS_240,
    LAYOUTS_400,
    SEGMENT_U,
    TEXTS,
    Layout240,
    Layout400,
    Positions,
)
from ingestion.readers.cnab_lines import CnabFile, amount_text, between, date_text, number, plain_text, read_records
from ingestion.readers.cnab_occurrences import OTHER, Occurrences
from ingestion.readers.cnab_statement import statement_tables
from ingestion.readers.mapped import lay_mapping

if TYPE_CHECKING:
    import duckdb

    from ingestion.contracts import Contract
    from ingestion.mapping import Mapping as FileMapping

RETURNS = "bank.collection_returns"
Layout = TypeVar("Layout", Layout240, Layout400)
SAME_TITLE = ("bank_id", "account_id", "our_number", "occurrence_code", "occurrence_date")


class CnabReader:
    """Reads what a bank returns. Which bank's table is used is told by the file's header, and by nothing else."""

    def read(
        self,
        connection: duckdb.DuckDBPyConnection,
        path: Path,
        contracts: dict[str, Contract],
        contract: Contract | None,
        mapping: FileMapping | None,
    ) -> list[TextTable]:
        """Text tables of what the file holds. Raises RejectedFile for an unknown bank or totals that disagree."""
        file = read_records(path)
        frames, remarks = _frames_400(path, file) if file.standard == 400 else _frames_240(path, file)
        if contract is not None and contract.name not in frames:
            raise RejectedFile(
                f"{path.name} holds {' and '.join(frames)}, not {contract.name}.", "Load it without naming a table."
            )
        return [
            _table(connection, contracts[name], frame, mapping, file.encoding, remarks if place == 0 else ())
            for place, (name, frame) in enumerate(frames.items())
        ]


def _frames_240(path: Path, file: CnabFile) -> tuple[dict[str, pl.DataFrame], tuple[str, ...]]:
    records = file.records.with_columns(
        between((8, 8)).alias("kind"), between((4, 7)).alias("lot"), between((14, 14)).alias("segment")
    )
    check_file_240(path, records)
    details = records.filter(pl.col("kind") == "3")
    segments = details["segment"].unique().to_list()
    frames = statement_tables(path, file.bank, records) if "E" in segments else {}
    remarks: tuple[str, ...] = ()
    if "T" in segments:
        layout = _known(path, file, LAYOUTS_240)
        frames[RETURNS], remarks = _titles_240(path, records, layout)
    elif "U" in segments:
        raise RejectedFile(f"{path.name}: segments U without their T.", "Download the return from the bank again.")
    if not frames:
        found = ", ".join(sorted(segments)) or "none"
        raise RejectedFile(
            f"{path.name} holds no collection return (segments T and U) and no statement (segment E); its segments "
            f"are: {found}.",
            "Load returns of collection (cobrança) or statements (extrato para conciliação).",
        )
    others = details.filter(~pl.col("segment").is_in(["T", "U", "E"])).height
    if others:
        remarks = (*remarks, f"{others} records of other segments were not loaded.")
    return frames, remarks


def _titles_240(path: Path, records: pl.DataFrame, layout: Layout240) -> tuple[pl.DataFrame, tuple[str, ...]]:
    """One row a title: its segment T with the U that follows it."""
    parts = records.filter(pl.col("segment").is_in(["T", "U"]) & (pl.col("kind") == "3")).with_columns(
        (pl.col("segment") == "T").cum_sum().over("lot").alias("title")
    )
    orphans = parts.filter((pl.col("title") == 0) | pl.struct("lot", "title", "segment").is_duplicated())
    if orphans.height:
        raise RejectedFile(
            f"{path.name}, line {orphans['line'][0]}: a segment U without its T.", "Download the return again."
        )
    paid = parts.filter(pl.col("segment") == "U").select(
        "lot", "title", *_fields(SEGMENT_U), pl.col("text").alias("text_u")
    )
    account = _account(records["text"][0], layout.account)
    titles = (
        parts.filter(pl.col("segment") == "T")
        .select(
            "lot", "title", *_fields(layout.segment_t), pl.col("line").alias("_line"), pl.col("text"),
            number(layout.segment_t["face_brl"]).alias("cents"),
        )
        .join(paid, on=["lot", "title"], how="left", maintain_order="left")
    )  # fmt: skip
    refuse_unbelievable(path, layout.bank, layout.name, titles)
    remarks = check_collection_lots(path, records, titles, layout)
    raw = pl.concat_str("text", "text_u", separator="\n", ignore_nulls=True)
    return _returns(titles, layout.bank, account, layout.occurrences, raw), remarks


def _frames_400(path: Path, file: CnabFile) -> tuple[dict[str, pl.DataFrame], tuple[str, ...]]:
    layout = _known(path, file, LAYOUTS_400)
    kinds = between((1, 1))
    details = file.records.filter(kinds == "1")
    titles = details.select(
        *_fields(layout.detail), pl.col("line").alias("_line"), pl.col("text"),
        number(layout.detail["face_brl"]).alias("cents"),
    )  # fmt: skip
    refuse_unbelievable(path, layout.bank, layout.name, titles)
    check_file_400(path, file.records, titles, layout)
    others = file.records.filter(~kinds.is_in(["0", "1", "9"])).height
    remarks = (f"{others} records that are no titles were not loaded.",) if others else ()
    account = _account(file.records["text"][0], layout.account)
    return {RETURNS: _returns(titles, layout.bank, account, layout.occurrences, pl.col("text"))}, remarks


def _known(path: Path, file: CnabFile, layouts: Mapping[str, Layout]) -> Layout:
    layout = layouts.get(file.bank)
    if layout is None:
        known = ", ".join(f"{each.bank} {each.name}" for each in layouts.values())
        raise RejectedFile(
            f"{path.name}: the layout of bank {file.bank} in CNAB {file.standard} is not known; positions differ from "
            "bank to bank, and it is not read by another one's.",
            f"Known are {known}. Load the bank's returns as CSV (`retaguarda template {RETURNS}`) until then.",
        )
    return layout


def _fields(positions: Positions) -> list[pl.Expr]:
    kinds = {
        **dict.fromkeys(AMOUNTS, amount_text),
        **dict.fromkeys(DATES, date_text),
        **dict.fromkeys(TEXTS, plain_text),
    }
    return [kinds[name](at).alias(name) for name, at in positions.items()]


def _account(header: str, positions: tuple[int, int]) -> str:
    first, last = positions
    return header[first - 1 : last].strip().lstrip("0") or "0"


def _returns(titles: pl.DataFrame, bank: str, account: str, occurrences: Occurrences, raw: pl.Expr) -> pl.DataFrame:
    """The columns of the contract. Titles that come twice with the same event on the same day are numbered."""
    events = {code: event for code, (event, _) in occurrences.items()}
    words = {code: word for code, (_, word) in occurrences.items()}
    code = pl.col("occurrence_code")
    absent = [name for name in (*AMOUNTS, *DATES, *TEXTS) if name not in titles.columns]
    return (
        titles.with_columns(pl.lit(None, dtype=pl.String).alias(name) for name in absent)
        .with_columns(
            pl.lit(bank).alias("bank_id"),
            pl.lit(account).alias("account_id"),
            code.replace_strict(events, default=OTHER, return_dtype=pl.String).alias("event"),
            code.replace_strict(words, default=None, return_dtype=pl.String).alias("occurrence"),
            raw.str.strip_chars_end(" ").alias("_raw_line"),
        )
        .with_columns(pl.int_range(1, pl.len() + 1).over(SAME_TITLE).cast(pl.String).alias("event_number"))
        .select("bank_id", "account_id", *TEXTS, *DATES, *AMOUNTS, "event", "occurrence", "event_number", "_line",
                "_raw_line")
    )  # fmt: skip


def _table(
    connection: duckdb.DuckDBPyConnection,
    contract: Contract,
    frame: pl.DataFrame,
    mapping: FileMapping | None,
    encoding: str,
    notes: tuple[str, ...],
) -> TextTable:
    relation = f"text_cnab_{contract.table}"
    connection.register("text_cnab_rows", frame)
    connection.execute(f"create or replace temp table {relation} as select * from text_cnab_rows")  # noqa: S608
    connection.unregister("text_cnab_rows")
    return TextTable(
        contract.name, lay_mapping(connection, relation, contract, mapping), frame.height, encoding, contract.dialect,
        notes,
    )  # fmt: skip
