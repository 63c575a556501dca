"""Hostile XML: refused with a message, quickly, in little memory, without opening a file or a connection."""

from __future__ import annotations

import resource
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import duckdb
import pytest

from ingestion.contracts import Contract
from ingestion.load import load_file
from ingestion.members import Member
from ingestion.readers.nfe import NfeReader
from ingestion.reports import FileReport
from tests.ingestion.nfe_files import NAMESPACE, authorised, document

Load = Callable[..., FileReport]
MIB = 1 << 20

BILLION_LAUGHS = (
    '<?xml version="1.0"?><!DOCTYPE nfeProc [<!ENTITY a0 "ha">'
    + "".join(f'<!ENTITY a{level} "{f"&a{level - 1};" * 10}">' for level in range(1, 12))
    + f"]><nfeProc {NAMESPACE}>&a11;</nfeProc>"
)
QUADRATIC = f'<!DOCTYPE nfeProc [<!ENTITY a "{"a" * 100_000}">]><nfeProc {NAMESPACE}>{"&a;" * 50_000}</nfeProc>'


@pytest.fixture
def listener() -> Iterator[socket.socket]:
    """A local server that nobody may ask for anything."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        server.settimeout(0.2)
        yield server


def refused(report: FileReport, words: str) -> None:
    assert report.state == "rejected"
    assert words in report.message, report.message
    assert report.remedy


@pytest.mark.parametrize("content", [BILLION_LAUGHS, QUADRATIC], ids=["billion laughs", "quadratic"])
def test_entities_that_multiply(load: Load, content: str) -> None:
    started = time.monotonic()
    refused(load(content.encode(), name="nota.xml"), "declares a document type or entities")
    assert time.monotonic() - started < 5


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16", "utf-16-be", "utf-7"])
def test_an_entity_never_reads_a_file(load: Load, tmp_path: Path, encoding: str) -> None:
    secret = tmp_path / "secret.txt"
    secret.write_text("the password", encoding="utf-8")
    content = (
        f'<?xml version="1.0" encoding="{encoding}"?><!DOCTYPE NFe [<!ENTITY x SYSTEM "{secret.as_uri()}">]>'
        + document(1).replace("Venda", "&x;")
    )
    report = load(content.encode(encoding), name="nota.xml")
    assert report.state == "rejected"
    assert "the password" not in str(report)


@pytest.mark.parametrize(
    "declaration",
    [
        '<!DOCTYPE NFe SYSTEM "{url}/x.dtd">',
        '<!DOCTYPE NFe PUBLIC "-//x//y" "{url}/x.dtd">',
        '<!DOCTYPE NFe [<!ENTITY % x SYSTEM "{url}/x.dtd"> %x;]>',
        '<?xml-stylesheet href="{url}/x.xsl"?>',
        "<!-- {url} -->",
    ],
)
def test_no_address_is_ever_asked(load: Load, listener: socket.socket, declaration: str) -> None:
    url = f"http://127.0.0.1:{listener.getsockname()[1]}"
    report = load((declaration.format(url=url) + document(1)).encode(), name="nota.xml")
    if "DOCTYPE" in declaration:
        refused(report, "declares a document type or entities")
    with pytest.raises(TimeoutError):
        listener.accept()


def test_includes_and_schema_places_are_only_texts(load: Load, listener: socket.socket, tmp_path: Path) -> None:
    secret = tmp_path / "secret.txt"
    secret.write_text("the password", encoding="utf-8")
    url = f"http://127.0.0.1:{listener.getsockname()[1]}"
    places = (
        f'xmlns:xi="http://www.w3.org/2001/XInclude" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" '
        f'xsi:schemaLocation="{url} {url}/nfe.xsd"'
    )
    content = document(1, after=f'<xi:include href="{secret.as_uri()}" parse="text"/><xi:include href="{url}"/>')
    load(content.replace("<NFe ", f"<NFe {places} ").encode(), name="nota.xml")
    with pytest.raises(TimeoutError):
        listener.accept()


@pytest.mark.parametrize(
    "content",
    [
        "<a>" * 100_000,
        "<a>" * 100_000 + "</a>" * 100_000,
        document(1, after="<x>" * 2_000 + "</x>" * 2_000),
        f"<NFe {NAMESPACE}>" * 10_000,
    ],
    ids=["open", "closed", "in a document", "documents"],
)
def test_deep_nesting(load: Load, content: str) -> None:
    refused(load(content.encode(), name="nota.xml"), "the XML is cut or damaged")


def test_a_hundred_megabytes(store: duckdb.DuckDBPyConnection, contracts: dict[str, Contract], tmp_path: Path) -> None:
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    path = tmp_path / "grande.xml"
    with path.open("wb") as file:
        file.truncate(100 * MIB)
    started = time.monotonic()
    refused(load_file(store, path, contracts, batch_id="batch"), "100 MiB; a fiscal document may have 8 MiB")
    assert time.monotonic() - started < 5
    assert (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) * 1024 < 64 * MIB


def test_a_hundred_megabytes_in_a_batch(contracts: dict[str, Contract]) -> None:
    members = [Member("grande.xml", b"<a>" + b" " * (100 * MIB)), Member("boa.xml", authorised(1))]
    batch = NfeReader().read_members(duckdb.connect(), members, contracts, None)
    assert [rejected.name for rejected in batch.rejected] == ["grande.xml"]
    assert batch.tables[0].rows_read == 1


@pytest.mark.parametrize(
    "content",
    [
        document(1).replace("Venda", "V" * 6_000_000),
        document(1).replace("<natOp>", "<natOp " + " ".join(f'a{n}="1"' for n in range(50_000)) + ">"),
        document(1).replace("<natOp>", "<" + "n" * 100_000 + "/><natOp>"),
        f"<NFe {NAMESPACE}>" + "<infNFe/>" * 200_000 + "</NFe>",
    ],
    ids=["long text", "many attributes", "long name", "many documents"],
)
def test_a_document_of_monstrous_parts_ends(load: Load, content: str) -> None:
    started = time.monotonic()
    report = load(content.encode(), name="nota.xml")
    assert report.state in ("loaded", "rejected")
    assert all(table.rows_read == table.rows_loaded + table.rows_quarantined for table in report.tables)
    assert time.monotonic() - started < 30


def test_texts_that_a_spreadsheet_or_a_database_would_run_stay_texts(
    load: Load, store: duckdb.DuckDBPyConnection
) -> None:
    text = "=cmd|' /C calc'!A0'); drop table load.files; --"
    load(document(1).replace("Venda", text.replace("&", "&amp;")).encode(), name="nota.xml")
    found = store.execute("select operation_nature from fiscal.fiscal_documents").fetchall()
    assert found == [(text,)]


def test_every_cut_and_flipped_byte_is_loaded_quarantined_or_refused(contracts: dict[str, Contract]) -> None:
    whole = authorised(1)
    cuts = [Member(f"cut{end}.xml", whole[:end]) for end in range(0, len(whole), 7)]
    flips = [
        Member(f"flip{place}.xml", whole[:place] + bytes([whole[place] ^ 0xFF]) + whole[place + 1 :])
        for place in range(0, len(whole), 5)
    ]
    doubled = [Member("doubled.xml", whole + whole), Member("inside.xml", whole.replace(b"<det ", b"<det <det "))]
    members = [*cuts, *flips, *doubled]
    connection = duckdb.connect()
    batch = NfeReader().read_members(connection, members, contracts, None)
    relation = batch.tables[0].relation
    seen = {name for (name,) in connection.execute(f"select distinct _member from {relation}").fetchall()}
    told = {rejected.name for rejected in batch.rejected} | set(batch.notes)
    assert seen | told >= {member.name for member in members}
    assert not seen & {rejected.name for rejected in batch.rejected}
    assert all(rejected.message.startswith(rejected.name) and rejected.remedy for rejected in batch.rejected)


def test_a_hostile_file_in_a_process_with_little_memory(tmp_path: Path) -> None:
    """Parsed in 512 MiB of address space beyond what the imports take: no file can take the process down."""
    path = tmp_path / "nota.xml"
    path.write_text(BILLION_LAUGHS, encoding="utf-8")
    program = (
        "import resource, sys\n"
        "from ingestion.readers import RejectedFile\n"
        "from ingestion.readers.nfe_xml import read_parts\n"
        "used = int(open('/proc/self/statm').read().split()[0]) * resource.getpagesize()\n"
        "resource.setrlimit(resource.RLIMIT_AS, (used + 512 * 2**20,) * 2)\n"
        "try:\n"
        "    read_parts('nota.xml', open(sys.argv[1], 'rb').read())\n"
        "except RejectedFile as error:\n"
        "    print(error.message)\n"
    )
    if not Path("/proc/self/statm").exists():
        pytest.skip("this system does not tell the size of a process")
    ended = subprocess.run([sys.executable, "-c", program, str(path)], capture_output=True, text=True, timeout=60,
                           check=False, cwd=Path(__file__).parents[2])  # fmt: skip
    assert ended.returncode == 0, ended.stderr
    assert "declares a document type or entities" in ended.stdout
