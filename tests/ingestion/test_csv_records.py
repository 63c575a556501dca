"""The careful way of reading a CSV: which lines are one record, checked against a reader that goes letter by letter."""

from __future__ import annotations

from pathlib import Path

import duckdb
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ingestion.contracts import Dialect
from ingestion.readers import RejectedFile, csv_records
from ingestion.readers.csv_records import careful_table
from ingestion.readers.text_scan import scan_text

SEMICOLONS = Dialect(delimiter=";", quote='"')
Records = list[tuple[int, str]]


def records_letter_by_letter(text: str) -> Records:
    """(first line, text) of each record that is not blank: a line end belongs to a field whose quote is open."""
    records: Records = []
    inside = False
    for number, line in enumerate(text.split("\n"), 1):
        if inside:
            records[-1] = (records[-1][0], f"{records[-1][1]}\n{line}")
        else:
            records.append((number, line))
        inside = ends_inside(line, inside=inside)
    return [record for record in records if record[1].strip(" \t") or "\n" in record[1]]


def ends_inside(line: str, *, inside: bool) -> bool:
    """Whether a quoted field is still open after a line."""
    state = "quoted" if inside else "start"
    place = 0
    while place < len(line):
        letter = line[place]
        if state == "quoted":
            if line[place : place + 2] == '""':
                place += 1
            elif letter == '"':
                state = "rest"
        elif letter == ";":
            state = "start"
        else:
            state = "quoted" if state == "start" and letter == '"' else "rest"
        place += 1
    return state == "quoted"


def read(folder: Path, text: str) -> Records:
    path = folder / "text.csv"
    path.write_text(f"a;b\n{text}", encoding="utf-8", newline="")
    with duckdb.connect() as connection:
        scanned = scan_text(path, ("utf-8",), '"', folder)
        count = careful_table(connection, scanned, SEMICOLONS, ("a", "b"), 1, "records", "text.csv")
        found = connection.execute("select _line - 1, _raw_line from records order by _line").fetchall()
    assert count == len(found)
    return found


@settings(max_examples=150, deadline=None)
@given(st.lists(st.text('a";', max_size=6), min_size=1, max_size=12))
def test_records_are_those_of_a_reader_that_goes_letter_by_letter(
    tmp_path_factory: pytest.TempPathFactory, lines: list[str]
) -> None:
    text = "\n".join(lines)
    # The line end at the end of a file begins no line.
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(csv_records, "JOINED_AT_ONCE", 5)
        found = read(tmp_path_factory.mktemp("records"), text)
    assert found == records_letter_by_letter(text.removesuffix("\n"))


def test_a_quote_that_would_swallow_a_long_file_refuses_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(csv_records, "LONGEST_LINE_BYTES", 1000)
    with pytest.raises(RejectedFile) as refused:
        read(tmp_path, "\n".join(["x;y"] * 10 + ['x;"y'] + ["x;y"] * 400))
    assert refused.value.message == (
        "text.csv, line 12: a quote is opened there and not closed; lines 12 to 412 would be one row."
    )
    assert "Close or remove the quote" in refused.value.remedy
