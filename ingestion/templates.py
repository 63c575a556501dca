"""Empty exports with a contract's headers, to fill in or to hand to whoever builds the export."""

from __future__ import annotations

import csv
from datetime import datetime
from pathlib import Path

import xlsxwriter

from ingestion.contracts import Column, Contract, ContractError
from ingestion.values import DECIMALS, shown_format
from ingestion.yaml_places import LANGUAGES

_YES_NO = {"pt_BR": "sim, não", "en": "yes, no"}
_WORDS = {
    "pt_BR": {
        "column": "Coluna", "type": "Tipo", "required": "Obrigatória", "example": "Como escrever", "meaning": "Campo",
        "description": "Descrição (em inglês)", "yes": "sim", "no": "não", "sheet": "Instruções",
        "text": "texto", "integer": "número inteiro", "number": "número", "precise": "número", "money": "valor em reais",
        "date": "data", "timestamp": "data e hora", "boolean": "sim ou não",
    },
    "en": {
        "column": "Column", "type": "Type", "required": "Required", "example": "How to write it", "meaning": "Field",
        "description": "Description", "yes": "yes", "no": "no", "sheet": "Instructions",
        "text": "text", "integer": "whole number", "number": "number", "precise": "number", "money": "amount in BRL",
        "date": "date", "timestamp": "date and time", "boolean": "yes or no",
    },
}  # fmt: skip
_CREATED = datetime(2000, 1, 1)  # noqa: DTZ001  fixed, so that the same contract gives the same bytes


def write_template(contract: Contract, language: str, folder: Path) -> list[Path]:
    """Write `<table>_template_<language>.csv` and `.xlsx` into `folder`; returns both paths.

    The CSV has the contract's delimiter and a byte-order mark, so that spreadsheets open its accents rightly. The
    workbook's second sheet says how to write each column. Raises ContractError for another language than pt_BR, en.
    """
    if language not in LANGUAGES:
        raise ContractError(f'language "{language}" is not one of {", ".join(LANGUAGES)}.')
    folder.mkdir(parents=True, exist_ok=True)
    headers = [column.header(language) for column in contract.columns]
    text_path = folder / f"{contract.table}_template_{language}.csv"
    with text_path.open("w", encoding="utf-8-sig", newline="") as file:
        dialect = contract.dialect
        csv.writer(file, delimiter=dialect.delimiter, quotechar=dialect.quote, lineterminator="\r\n").writerow(headers)
    workbook_path = text_path.with_suffix(".xlsx")
    _write_workbook(contract, language, headers, workbook_path)
    return [text_path, workbook_path]


def _write_workbook(contract: Contract, language: str, headers: list[str], path: Path) -> None:
    words = _WORDS[language]
    workbook = xlsxwriter.Workbook(str(path))
    workbook.set_properties({"created": _CREATED, "title": contract.label[language]})
    bold = workbook.add_format({"bold": True, "bottom": 1})
    required = workbook.add_format({"bold": True, "bottom": 1, "bg_color": "#E8EEF4"})
    # Text cells keep leading zeros: account 0000611365 must not become 611365.
    text = workbook.add_format({"num_format": "@"})
    sheet = workbook.add_worksheet(contract.table[:31])
    sheet.freeze_panes(1, 0)
    for position, (column, header) in enumerate(zip(contract.columns, headers, strict=True)):
        sheet.set_column(position, position, max(12, len(header) + 2), text)
        sheet.write_string(0, position, header, required if column.required else bold)
        choices = _choices(column, language)
        if choices and len(",".join(choices)) <= 255:
            # The warning lets other synonyms of the contract pass.
            sheet.data_validation(1, position, 1_048_575, position,
                                  {"validate": "list", "source": choices, "error_type": "warning"})  # fmt: skip
    notes = workbook.add_worksheet(words["sheet"])
    titles = [words[key] for key in ("column", "meaning", "type", "required", "example", "description")]
    notes.write_row(0, 0, titles, bold)
    for row, (column, header) in enumerate(zip(contract.columns, headers, strict=True), 1):
        is_required = column.required and column.default is None
        notes.write_row(row, 0, [header, column.name, words[column.type], words["yes" if is_required else "no"],
                                 _how_to_write(contract, column, language), column.description])  # fmt: skip
    notes.set_column(0, 5, 24)
    workbook.close()


def _choices(column: Column, language: str) -> list[str]:
    if language == "en":
        return list(column.allowed)
    return [synonyms[0] if synonyms else value for value, synonyms in column.allowed.items()]


def _how_to_write(contract: Contract, column: Column, language: str) -> str:
    dialect = contract.dialect
    if column.allowed:
        return ", ".join(_choices(column, language))
    if column.type in DECIMALS:
        return "1.234,56" if dialect.decimal == "," else "1,234.56"
    forms = {
        "date": dialect.date_format,
        "timestamp": f"{dialect.timestamp_format} ({dialect.timezone})",
        "boolean": _YES_NO[language],
        "integer": "123",
    }
    form = forms.get(column.type, "")
    return shown_format(form) if language == "pt_BR" and column.type in ("date", "timestamp") else form
