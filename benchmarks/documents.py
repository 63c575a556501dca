"""Load many NF-e files in one call on one core, against lxml alone parsing the same bytes.

    python -m benchmarks.documents [--count 5000] [--file procNFe.xml]

Without `--file` the documents are those of the sample, of about 2.6 kB; with it copies of that file, each with a number
and key of its own. Prints documents a second for reading (elements to rows), for the whole load (reading, parsing,
checking, hashing, versioning, booking) and for loading them again, and how many times lxml's own time each takes.
"""

from __future__ import annotations

import argparse
import re
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from lxml import etree  # pyright: ignore[reportAttributeAccessIssue]  (compiled, without types)

from ingestion.contracts import load_contracts
from ingestion.load_many import load_files
from ingestion.members import Member
from ingestion.raw import open_raw
from ingestion.readers.nfe import NfeReader
from pipeline.sample.fiscal_documents import documents

ROOT = Path(__file__).resolve().parents[1]


def contents(count: int, file: Path | None) -> list[bytes]:
    """The bytes of `count` documents, each with an access key of its own."""
    if file is None:
        models = [each.content for each in documents() if each.name.startswith("nfe-") and b"<protNFe" in each.content]
        models = [model for model in models if model.endswith(b"</nfeProc>")]
    else:
        models = [file.read_bytes()]
    found = []
    for number in range(count):
        model = models[number % len(models)]
        key = re.search(rb'Id="(?:NFe)?(\w{44})"', model)
        if key is None:
            raise SystemExit(f"{file} is not an NF-e: it has no access key.")
        old = key.group(1)
        found.append(model.replace(old, old[:25] + b"%09d" % number + old[34:]))
    return found


def rate(count: int, work: Callable[[], object]) -> float:
    """Documents a second of processor time, so that what else runs does not count."""
    started = time.process_time()
    work()
    return count / (time.process_time() - started)


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--count", type=int, default=5_000)
    parser.add_argument("--file", type=Path)
    arguments = parser.parse_args()
    contracts = load_contracts(ROOT)
    found = contents(arguments.count, arguments.file)
    size = sum(map(len, found)) / len(found) / 1024
    bare = rate(len(found), lambda: [etree.fromstring(content) for content in found])
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        paths = [folder / f"{number}.xml" for number in range(len(found))]
        for path, content in zip(paths, found, strict=True):
            path.write_bytes(content)
        connection = open_raw(folder / "raw.duckdb", contracts)
        connection.execute("set threads = 1")
        members = [Member(path.name, content) for path, content in zip(paths, found, strict=True)]
        rates = {
            "read": rate(len(found), lambda: NfeReader().read_members(connection, members, contracts, None)),
            "load": rate(len(found), lambda: load_files(connection, paths, contracts, batch_id="benchmark")),
            "again": rate(len(found), lambda: load_files(connection, paths, contracts, batch_id="benchmark")),
        }
        (loaded,) = connection.execute("select count(*) from fiscal.fiscal_documents").fetchall()[0]
        connection.close()
    print(f"{loaded:,} documents of {size:.1f} kB, one core; lxml alone {bare:,.0f} a second")
    for step, value in rates.items():
        print(f"{step:>6}: {value:>8,.0f} a second, {bare / value:5.2f} times lxml's own time")


if __name__ == "__main__":
    main()
