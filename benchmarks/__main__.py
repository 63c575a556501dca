"""All benchmarks, one after the other, on generated companies of `--rows` payables (default one million)."""

from __future__ import annotations

import argparse
import subprocess
import sys
import tempfile
from pathlib import Path

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
        run("benchmarks.company", name, "--scale", str(rows / 1_000_000))
        run("benchmarks.build", "--raw", str(Path(name) / "raw.duckdb"), "--as-of", "2026-11-21 02:59:59")
        run("pipeline.cli", "--data", name, "build", "--as-of", "2026-11-20")
        run("pipeline.cli", "--data", name, "publish")
        for pages in ("benchmarks.pages", "benchmarks.browser", "benchmarks.readers"):
            run(pages, "--data", name)


if __name__ == "__main__":
    main()
