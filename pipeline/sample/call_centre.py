"""Telephone interviews as an outside call centre exports them: its own headers, codes, separator and date format.

The mapping data/sample/mappings/entrevistas_voz.yml loads them without any code.
"""

from __future__ import annotations

import csv
import io

import polars as pl

_HEADERS = (
    "Nr Entrevista", "Período da Pesquisa", "Cód. Cliente", "Praça", "Perfil", "Discagem", "Término", "Avaliação",
    "Operador", "Observações",
)  # fmt: skip
_PLACES = {"MTZ": "SP", "SUL": "PR", "NE": "PE", "CO": "GO"}
_PROFILES = {"Varejo": "V", "Atacado": "A", "Food service": "F"}


def call_centre_export(rows: pl.DataFrame) -> bytes:
    """NPS responses (contract columns) as the call centre writes them: a title, a blank line, then commas; cp1252."""
    instant = "%Y-%m-%d %H:%M:%S"
    foreign = rows.select(
        "response_id",
        "wave",
        "respondent_id",
        pl.col("business_unit").replace_strict(_PLACES),
        pl.col("segment").replace_strict(_PROFILES),
        pl.col("sent_at").dt.strftime(instant),
        pl.col("answered_at").dt.strftime(instant).fill_null(""),
        pl.col("score").cast(pl.String).fill_null(""),
        pl.format("op{}", pl.col("respondent_id").str.slice(-1)).alias("operator"),
        pl.col("comment").fill_null(""),
    )
    buffer = io.StringIO(newline="")
    buffer.write("Voz Pesquisas - relatório de entrevistas\r\n\r\n")
    writer = csv.writer(buffer, lineterminator="\r\n")
    writer.writerow(_HEADERS)
    writer.writerows(foreign.iter_rows())
    return buffer.getvalue().encode("cp1252")
