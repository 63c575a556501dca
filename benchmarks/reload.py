"""What loading again costs, against the first load of the same rows.

    python -m benchmarks.reload [ROWS]

In one process and store: the first load of a payables export; the same file again; an export of the hundredth part of
its rows, corrected; and the whole export with these rows corrected. Times of one run; ratios to the first load.
"""

from __future__ import annotations

import argparse
import tempfile
import time
from pathlib import Path

from benchmarks.load import ENCODING, FILE_NAME, generate
from ingestion.contracts import load_contracts
from ingestion.load_many import load_files
from ingestion.raw import open_raw

PROJECT = Path(__file__).resolve().parents[1]
CORRECTED_EVERY = 100


def corrections(export: Path, only: Path, whole: Path) -> None:
    """Write every hundredth row of an export with another cost centre: alone, and within the whole export."""
    with (
        export.open(encoding=ENCODING) as source,
        only.open("w", encoding=ENCODING) as few,
        whole.open("w", encoding=ENCODING) as all_rows,
    ):
        header = next(source)
        few.write(header)
        all_rows.write(header)
        for number, line in enumerate(source):
            if number % CORRECTED_EVERY == 0:
                line = line.replace(";CC", ";XX", 1)
                few.write(line)
            all_rows.write(line)


def main() -> None:
    """Generate, load four times, and print seconds and ratios."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("rows", nargs="?", type=int, default=1_000_000)
    rows = parser.parse_args().rows
    with tempfile.TemporaryDirectory(prefix="retaguarda_benchmark_") as temporary:
        folder = Path(temporary)
        export, only, whole = folder / FILE_NAME, folder / "payables_few.csv", folder / "payables_whole.csv"
        generate(rows, export)
        corrections(export, only, whole)
        contracts = load_contracts(PROJECT)
        connection = open_raw(folder / "raw.duckdb", contracts)
        print(f"{rows:,} rows")
        first = (0.0, 0.0)
        for name, path in (("first load", export), ("the same file again", export), ("1 % of the rows, corrected", only),
                           ("all rows, 1 % of them corrected", whole)):  # fmt: skip
            began, used = time.perf_counter(), time.process_time()
            (report,) = load_files(connection, [path], contracts, batch_id="benchmark")
            seconds, processor = time.perf_counter() - began, time.process_time() - used
            first = first if first[0] else (seconds, processor)
            table = report.tables[0]
            print(
                f"{name:34s} {seconds:7.2f} s {processor:7.2f} s of processor  {seconds / first[0]:6.1%} of the first "
                f"({processor / first[1]:.1%} of its processor)  {table.rows_loaded:,} loaded, "
                f"{table.rows_unchanged:,} unchanged"
            )
        connection.close()


if __name__ == "__main__":
    main()
