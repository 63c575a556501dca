"""All benchmarks, one after the other, on a generated company of `--rows` payables (default one million)."""

from __future__ import annotations

import argparse
import subprocess
import sys
import tempfile
from pathlib import Path

from benchmarks.load import FILE_NAME, generate

ROOT = Path(__file__).resolve().parents[1]


def run(*arguments: str) -> None:
    """Run one step in a process of its own; its figures go to the terminal."""
    print(f"\n# {' '.join(arguments)}", flush=True)
    subprocess.run([sys.executable, "-m", *arguments], cwd=ROOT, check=True)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rows", type=int, default=1_000_000)
    rows = parser.parse_args().rows
    run("benchmarks.load", str(rows))
    run("benchmarks.reload", str(rows))
    run("benchmarks.statements")
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        data = folder / "data"
        export = folder / FILE_NAME
        generate(rows, export)
        run("pipeline.cli", "--data", str(data), "load", str(export), "--as", "erp.payables", "--as-of", "2026-11-20")
        export.unlink()
        run("benchmarks.build", "--raw", str(data / "raw.duckdb"), "--as-of", "2026-11-21 02:59:59")
        run("pipeline.cli", "--data", str(data), "build", "--as-of", "2026-11-20")
        run("pipeline.cli", "--data", str(data), "publish")
        run("benchmarks.pages", "--data", str(data))


if __name__ == "__main__":
    main()
