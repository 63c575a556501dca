"""Long texts that are copied: read in two parts like in one, and lines picked wherever they stand."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import duckdb
import pytest

from ingestion.readers import csv_lines, text_copy, text_counts
from ingestion.readers.text_scan import scan_text
from ingestion.reports import FileReport
from tests.ingestion.conftest import HEADER, payable

Load = Callable[..., FileReport]


@pytest.mark.parametrize(("block", "mark"), [(1, 1), (7, 3), (64, 1000), (4096, 20), (4096, 65536)])
def test_lines_are_picked_by_their_numbers_wherever_they_stand(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, block: int, mark: int
) -> None:
    monkeypatch.setattr(text_copy, "LEAST_IN_PARTS", 0)
    monkeypatch.setattr(text_copy, "BLOCK_BYTES", block)
    monkeypatch.setattr(text_counts, "MARK_BYTES", mark)
    source, target = tmp_path / "source.csv", tmp_path / "picked.csv"
    source.write_bytes(b"\n".join(b"\xe1 line %d" % number + b"." * (number % 9) for number in range(1, 31)))
    numbers = [1, 2, 9, 13, 14, 15, 16, 17, 18, 30]
    expected = "".join(f"{number};á line {number}{'.' * (number % 9)}\n" for number in numbers)
    text = scan_text(source, ("cp1252",), '"', tmp_path, in_parts=True)
    assert len(text.parts) == 2
    csv_lines.copy_lines(text, numbers, target, b";")
    assert target.read_text(encoding="utf-8") == expected
    csv_lines.copy_lines(text.in_one(), numbers, target, b";")
    assert target.read_text(encoding="utf-8") == expected


@pytest.mark.parametrize("block", [1, 97])
@pytest.mark.parametrize(
    ("end", "rows", "bad"),
    [
        pytest.param("", 30, 4, id="plain"),
        pytest.param('\n01;MTZ;F1;"NF-100";1;01/06/2026;03/06/2026;03/07/2026;;1,00;;;"dois\nSão";não;Aberto',
                     31, 4, id="line end in quotes"),
        pytest.param("\n\nx;y", 31, 5, id="blank line and broken row"),
        pytest.param("\n" + ";".join(["X" * 3000] * 15) + "\n", 31, 5, id="long last line"),
    ],
)  # fmt: skip
def test_a_copy_in_two_parts_is_read_like_one(
    load: Load,
    store: duckdb.DuckDBPyConnection,
    monkeypatch: pytest.MonkeyPatch,
    block: int,
    end: str,
    rows: int,
    bad: int,
) -> None:
    lines = [payable(document=f"NF-{number}", amount="12,3x" if number % 7 == 3 else "1,00") for number in range(30)]
    text = "\n".join([HEADER, *lines]) + end
    seen = []
    for least in (0, 1 << 30):
        monkeypatch.setattr(text_copy, "LEAST_IN_PARTS", least)
        monkeypatch.setattr(text_copy, "BLOCK_BYTES", block)
        report = load(text.encode("cp1252"), name=f"payables_{least}.csv")
        good = store.execute("select * exclude (_file_id, _valid_from) from erp.payables order by all").fetchall()
        problems = store.execute("select * exclude file_id from load.quarantine order by all").fetchall()
        seen.append((good, problems))
        store.execute("delete from erp.payables; delete from load.quarantine; delete from load.files")
        assert (report.tables[0].rows_read, report.tables[0].rows_quarantined) == (rows, bad)
    assert seen[0] == seen[1]
