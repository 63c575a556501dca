"""What spreadsheets would run is harmless in CSV, and untouched in the formats of programs."""

from __future__ import annotations

import csv
import io
import json

import polars as pl

from pipeline.output_formats import Format, rendered

HOSTILE = pl.DataFrame(
    {"text": ["=cmd|'/c calc'!A1", "+1", "-1", "@SUM(A1)", "\t=1", "plain", None], "amount": [-1.5, 2, 3, 4, 5, 6, 7]}
)


def test_csv_runs_nothing_in_a_spreadsheet() -> None:
    records = list(csv.DictReader(io.StringIO(rendered(HOSTILE, Format.CSV, whole=True).decode())))
    assert [record["text"] for record in records] == [
        "'=cmd|'/c calc'!A1", "'+1", "'-1", "'@SUM(A1)", "'\t=1", "plain", "",
    ]  # fmt: skip
    # Numbers are no text: a negative one stays a number.
    assert records[0]["amount"] == "-1.5"


def test_json_and_parquet_keep_texts_as_they_are() -> None:
    assert [record["text"] for record in json.loads(rendered(HOSTILE, Format.JSON, whole=True))] == list(
        HOSTILE["text"]
    )
    assert pl.read_parquet(io.BytesIO(rendered(HOSTILE, Format.PARQUET, whole=True))).equals(HOSTILE)
