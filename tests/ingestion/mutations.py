"""Real exports, damaged at random and loaded: no row may be lost, no file may bring the load down.

    python -m tests.ingestion.mutations 10000 [--seed N] [--first K]

Each damaged file is loaded as any file is. Whatever the damage, every row is loaded, unchanged, left out or
quarantined, or its file is rejected with a reason and a remedy; the control totals hold; the tables hold as many rows
of the file as the report says. A file that takes longer than a minute ends the run with a traceback.
"""

from __future__ import annotations

import argparse
import faulthandler
import gzip
import io
import os
import random
import tempfile
import traceback
import zipfile
import zlib
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from pathlib import Path

import duckdb
import polars as pl

from ingestion.contracts import Contract, load_contracts
from ingestion.load import UNFORESEEN
from ingestion.load_many import load_files
from ingestion.raw import open_raw
from ingestion.reports import FileReport

ROOT = Path(__file__).resolve().parents[2]
REALDATA = Path(os.environ.get("RETAGUARDA_REALDATA", ROOT.parent / "shared" / "realdata"))
SAMPLE = ROOT / "data" / "sample"
MAPPINGS = ROOT / "tests" / "mappings"
PACKAGES = (".xlsx", ".ods", ".zip")
SECONDS_A_FILE = 60
LINES_KEPT = 40
FIRST_DAY = datetime(2027, 1, 1)
FILES_A_STORE = 500  # then a new one: the tables stay small


@dataclass(frozen=True)
class Seed:
    """A whole file, under the name by which it is known."""

    name: str
    content: bytes


def seeds() -> list[Seed]:
    """Real files of every reader, and the sample's, shortened."""
    found = [
        Seed(path.name, path.read_bytes())
        for path in sorted(REALDATA.rglob("*"))
        if path.is_file() and path.name not in ("README.md", "SOURCE.txt")
    ]
    found = [seed if seed.name.lower().endswith((".xml", ".ofx", ".ret")) else _short(seed) for seed in found]
    latest = sorted(path for path in SAMPLE.glob("????-??-??") if path.is_dir())[-1]
    tables = [path for path in sorted(latest.rglob("*")) if path.suffix in (".csv", ".xlsx", ".ofx", ".json", ".ret")]
    found += [_short(Seed(path.name, path.read_bytes())) for path in tables]
    payables = _short(Seed("contas_a_pagar_x.csv", next(latest.glob("contas_a_pagar_2*.csv")).read_bytes()))
    frame = pl.read_csv(io.BytesIO(payables.content), separator=";", infer_schema=False)
    parquet, workbook = io.BytesIO(), io.BytesIO()
    frame.write_parquet(parquet)
    frame.write_excel(workbook)
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as package:
        package.writestr("contas_a_pagar_y.csv", payables.content)
        for seed in found:
            if seed.name.endswith(".xml"):
                package.writestr(f"notas/{seed.name}", seed.content)
    return [
        *found,
        Seed("contas_a_pagar_x.parquet", parquet.getvalue()),
        Seed("contas_a_pagar_x.xlsx", workbook.getvalue()),
        Seed("contas_a_pagar_x.json", frame.write_json().encode()),
        Seed("contas_a_pagar_x.ndjson", frame.write_ndjson().encode()),
        Seed("contas_a_pagar_x.csv.gz", gzip.compress(payables.content, mtime=0)),
        Seed("novembro.zip", packed.getvalue()),
    ]


def _short(seed: Seed) -> Seed:
    if seed.name.lower().endswith((*PACKAGES, ".parquet", ".json")):
        return seed
    lines = seed.content.splitlines(keepends=True)
    return seed if len(lines) <= LINES_KEPT else Seed(seed.name, b"".join(lines[:LINES_KEPT]))


# ---- ways to damage a file: bytes → bytes ---------------------------------------------------------------------------


def _flip(content: bytes, chance: random.Random) -> bytes:
    changed = bytearray(content)
    for _ in range(chance.choice((1, 1, 2, 5, 50))):
        changed[chance.randrange(len(changed))] ^= 1 << chance.randrange(8)
    return bytes(changed)


def _replace_bytes(content: bytes, chance: random.Random) -> bytes:
    changed = bytearray(content)
    for _ in range(chance.choice((1, 3, 20))):
        changed[chance.randrange(len(changed))] = chance.choice(b"\x00\x1a\r\n\"';,|\t<>&=+-@\xff\x81 0")
    return bytes(changed)


def _cut(content: bytes, chance: random.Random) -> bytes:
    return content[: chance.randrange(len(content))]


def _cut_out(content: bytes, chance: random.Random) -> bytes:
    start = chance.randrange(len(content))
    return content[:start] + content[start + chance.choice((1, 3, 40, 400)) :]


def _double(content: bytes, chance: random.Random) -> bytes:
    start = chance.randrange(len(content))
    end = min(len(content), start + chance.choice((1, 10, 200, len(content))))
    return content[:end] + content[start:end] + content[end:]


def _twice(content: bytes, chance: random.Random) -> bytes:
    return content + (b"\n" if chance.random() < 0.5 else b"") + content


def _insert(content: bytes, chance: random.Random) -> bytes:
    texts = (
        b"\x00", b"\xef\xbb\xbf", b'"', b'""', b"\r", b"\n\n", b";" * 30, b"'", b"<!DOCTYPE x [<!ENTITY a 'b'>]>", b"&a;",
        b"=cmd|' /C calc'!A0", b"99999999999999999999", b"-0,00", b"NaN", b"1e999", b"31/02/2026", b"\xc3\x28", b"\x1a",
        "“”—\u200b\u202e".encode(), b"A" * 5000, b"$$$", b"\\", b"{}", b"[", b"null",
    )  # fmt: skip
    start = chance.randrange(len(content) + 1)
    return content[:start] + chance.choice(texts) + content[start:]


def _swap_lines(content: bytes, chance: random.Random) -> bytes:
    lines = content.splitlines(keepends=True)
    for _ in range(chance.choice((1, 3))):
        first, second = chance.randrange(len(lines)), chance.randrange(len(lines))
        lines[first], lines[second] = lines[second], lines[first]
    return b"".join(lines)


def _drop_lines(content: bytes, chance: random.Random) -> bytes:
    lines = content.splitlines(keepends=True)
    kept = [line for line in lines if chance.random() > 0.1]
    return b"".join(kept or lines[:1])


def _columns(content: bytes, chance: random.Random) -> bytes:
    delimiter = max((b";", b",", b"\t", b"|"), key=content.count)
    rows = [line.split(delimiter) for line in content.splitlines()]
    width = max(map(len, rows))
    order = list(range(width))
    if chance.random() < 0.5:
        chance.shuffle(order)
    else:
        order.pop(chance.randrange(width))
    kept = [[row[place] for place in order if place < len(row)] for row in rows]
    return b"\n".join(delimiter.join(row) for row in kept)


def _delimiter(content: bytes, chance: random.Random) -> bytes:
    first, second = chance.sample((b";", b",", b"\t", b"|", b".", b"/", b"-"), 2)
    return content.replace(first, second)


def _encoding(content: bytes, chance: random.Random) -> bytes:
    text = content.decode(chance.choice(("utf-8", "cp1252")), errors="replace")
    return text.encode(
        chance.choice(("utf-8-sig", "utf-16", "utf-16-be", "utf-32", "cp1252", "cp850", "utf-7")), "replace"
    )


def _line_ends(content: bytes, chance: random.Random) -> bytes:
    return content.replace(b"\r\n", b"\n").replace(b"\n", chance.choice((b"\r\n", b"\r", b"\n\n", b"\n\r", b"")))


def _digits(content: bytes, chance: random.Random) -> bytes:
    changed = bytearray(content)
    places = [place for place, byte in enumerate(content) if 48 <= byte <= 57]
    for place in chance.sample(places, min(len(places), chance.choice((1, 5, 40)))):
        changed[place] = chance.choice(b"0123456789X ,.-")
    return bytes(changed)


WAYS: dict[str, Callable[[bytes, random.Random], bytes]] = {
    "bytes flipped": _flip, "bytes replaced": _replace_bytes, "cut": _cut, "cut out": _cut_out, "doubled": _double,
    "twice": _twice, "inserted": _insert, "lines swapped": _swap_lines, "lines dropped": _drop_lines,
    "columns": _columns, "delimiter": _delimiter, "encoding": _encoding, "line ends": _line_ends, "digits": _digits,
}  # fmt: skip


def damaged(seed: Seed, chance: random.Random) -> tuple[str, bytes]:
    """How the file was damaged, and its bytes. Of a packed file mostly a member is damaged and packed again."""
    content, told = seed.content, []
    for _ in range(chance.choice((1, 1, 1, 2, 3))):
        way = chance.choice(list(WAYS))
        told.append(way)
        if not content:
            break
        if seed.name.endswith(PACKAGES) and chance.random() < 0.7:
            content = _within(content, WAYS[way], chance)
        elif seed.name.endswith(".gz") and chance.random() < 0.7:
            try:
                content = gzip.compress(WAYS[way](gzip.decompress(content), chance), mtime=0)
            except (zlib.error, OSError, EOFError, ValueError):
                content = WAYS[way](content, chance)
        else:
            content = WAYS[way](content, chance)
    return ", ".join(told), content


def _within(content: bytes, way: Callable[[bytes, random.Random], bytes], chance: random.Random) -> bytes:
    target = io.BytesIO()
    try:
        with (
            zipfile.ZipFile(io.BytesIO(content)) as source,
            zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as package,
        ):
            names = source.namelist()
            chosen = chance.choice(names)
            for name in names:
                inner = source.read(name)
                package.writestr(name, way(inner, chance) if name == chosen and inner else inner)
    except (
        zipfile.BadZipFile,
        zlib.error,
        OSError,
        EOFError,
        ValueError,
        IndexError,
        NotImplementedError,
        RuntimeError,
    ):
        return way(content, chance)  # broken already
    return target.getvalue()


# ---- loading them ---------------------------------------------------------------------------------------------------


def check(connection: duckdb.DuckDBPyConnection, contracts: dict[str, Contract], reports: list[FileReport]) -> None:
    """Raise AssertionError where a report does not account for every row and cent, or the tables say otherwise."""
    assert reports, "nothing was reported"
    for report in reports:
        assert report.message, report
        assert UNFORESEEN not in report.message, report.message
        if report.state in ("rejected", "held"):
            assert report.remedy, f"no remedy: {report.message}"
            assert not report.tables
            continue
        assert report.state in ("loaded", "unchanged"), report.state
        for table in report.tables:
            parts = table.rows_loaded + table.rows_unchanged + table.rows_quarantined + table.rows_left_out
            assert table.rows_read == parts, table
            if table.control_read is not None:
                sums = (
                    table.control_loaded,
                    table.control_unchanged,
                    table.control_quarantined,
                    table.control_left_out,
                )
                assert table.control_read == sum((part or Decimal(0) for part in sums), Decimal(0)), table
            if report.state == "loaded" and report.file_id is not None:
                source, name = table.table.split(".")
                last = report.file_id + report.members - 1
                held = connection.execute(
                    f'select count(*) from "{source}"."{name}" where _file_id between ? and ?', [report.file_id, last]
                ).fetchall()[0][0]
                assert held == table.rows_loaded, f"{held} rows in {table}"
                waits = connection.execute(
                    "select count(*) from (select distinct file_id, line from load.quarantine "
                    "where source = ? and table_name = ? and file_id between ? and ?)",
                    [source, name, report.file_id, last],
                ).fetchall()[0][0]
                assert (waits > 0) == (table.rows_quarantined > 0), f"{waits} in quarantine, {table}"


def run(count: int, seed: int, first: int = 0, chosen: str = "") -> Iterator[tuple[int, str, str, str | None]]:
    """Load `count` damaged files; yields number, what was damaged and how, what became of it, traceback or None.

    Number `first + n` is the same file in every run with the same `seed`.
    """
    contracts = load_contracts(ROOT)
    sources = [each for each in seeds() if chosen in each.name]
    assert sources, "no file to damage"
    connection: duckdb.DuckDBPyConnection | None = None
    with tempfile.TemporaryDirectory(prefix="retaguarda_mutations_") as folder:
        for number in range(first, first + count):
            if connection is None or number % FILES_A_STORE == 0:
                if connection is not None:
                    connection.close()
                connection = open_raw(Path(":memory:"), contracts)
            chance = random.Random(f"{seed}/{number}")
            source = sources[number % len(sources)] if chance.random() < 0.5 else chance.choice(sources)
            way, content = damaged(source, chance)
            path = Path(folder) / source.name
            path.write_bytes(content)
            faulthandler.dump_traceback_later(SECONDS_A_FILE, exit=True)
            try:
                # Each file is known a second later, and full exports are confirmed: what is held is not looked at.
                reports = load_files(
                    connection, [path], contracts, batch_id="mutations", mappings_dir=MAPPINGS,
                    knowledge_at=FIRST_DAY + timedelta(seconds=number), is_confirmed=bool(chance.randrange(4)),
                )  # fmt: skip
                check(connection, contracts, reports)
                yield number, f"{source.name}: {way}", _state(reports), None
            except Exception:  # the point of the run: whatever comes out is a finding
                yield number, f"{source.name}: {way}", "failed", traceback.format_exc()
                connection.close()
                connection = None
            finally:
                faulthandler.cancel_dump_traceback_later()
                path.unlink()
    if connection is not None:
        connection.close()


def _state(reports: list[FileReport]) -> str:
    states = {report.state for report in reports}
    if any(table.rows_quarantined for report in reports for table in report.tables):
        states.add("quarantined rows")
    return ", ".join(sorted(states))


def main() -> None:
    """Run, show what became of the files, and every failure with the number that repeats it."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("count", type=int, nargs="?", default=10_000)
    parser.add_argument("--seed", type=int, default=2026)
    parser.add_argument("--first", type=int, default=0)
    parser.add_argument("--file", default="", help="only files with this in their name")
    arguments = parser.parse_args()
    states: Counter[str] = Counter()
    failures = 0
    for number, what, state, error in run(arguments.count, arguments.seed, arguments.first, arguments.file):
        states[state] += 1
        if error is not None:
            failures += 1
            print(f"\n#{number} {what}\n{error}", flush=True)
        if (number + 1) % 500 == 0:
            print(f"{number + 1:,}: {dict(states)}", flush=True)
    print(f"{sum(states.values()):,} files: {dict(states)}")
    raise SystemExit(1 if failures else 0)


if __name__ == "__main__":
    main()
