"""Load many files: archives member by member, documents that come a file each (NF-e) in batches of one transaction."""

from __future__ import annotations

import dataclasses
import hashlib
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import duckdb

from ingestion.book import File
from ingestion.choice import recipe
from ingestion.contracts import Contract
from ingestion.load import CORRECT_AND_EXPORT, contracts_read_by, load_file, refuse, roll_back, utc
from ingestion.mapping import Mapping as FileMapping
from ingestion.mapping import MappingError, load_mapping
from ingestion.member_book import (
    MemberFile,
    earlier_tables,
    find_earlier,
    numbered,
    record_member_tables,
    record_members,
    start_tally,
    tell_members,
)
from ingestion.members import BatchReader, Member
from ingestion.quarantine import first_problems
from ingestion.readers import RejectedFile, reader_for, reader_name
from ingestion.readers.archive import is_archive, unpacked
from ingestion.reports import FileReport, TableReport, added, rows_in_words
from ingestion.versions import Load, load_text_table, prepare_stages

BATCH_MEMBERS = 5_000
BATCH_BYTES = 64 << 20

Advance = Callable[[str, int, int], None]


@dataclasses.dataclass(frozen=True)
class Loading:
    """How files are loaded; the fields are `load_file`'s arguments."""

    connection: duckdb.DuckDBPyConnection
    contracts: dict[str, Contract]
    batch_id: str
    knowledge_at: datetime
    table: str | None = None
    mapping: FileMapping | Path | None = None
    mappings_dir: Path | None = None
    maximum_shrink: Mapping[str, float] | None = None
    is_confirmed: bool = False

    def file(self, path: Path, name: str | None = None) -> FileReport:
        """Load one file of a kind of its own."""
        options: dict[str, Any] = {
            each.name: getattr(self, each.name)
            for each in dataclasses.fields(self)
            if each.name not in ("connection", "contracts")
        }
        return load_file(self.connection, path, self.contracts, name=name, **options)


@dataclasses.dataclass(frozen=True)
class _Source:
    """A file to load: its copy on the disk, its name for people, and the file that it came in or is."""

    name: str
    path: Path
    container: Path


def load_files(
    connection: duckdb.DuckDBPyConnection,
    paths: Sequence[Path],
    contracts: Mapping[str, Contract],
    *,
    batch_id: str,
    knowledge_at: datetime | None = None,
    table: str | None = None,
    told: Callable[[FileReport], None] = lambda report: None,
    advance: Advance = lambda text, done, total: None,
    **options: Any,
) -> list[FileReport]:
    """Load files and archives in the order given, and report on each; `options` are those of `load_file`.

    A member of an archive is a file of its own, called `archive.zip/member.csv`. Files of a kind that comes a document
    a file are taken together, thousands in one transaction: one report tells their sums, and one each the rejected
    ones. Every report names its `paths`. `told` gets each report as soon as its rows are in, `advance` (text, done,
    total) says how far the loading is. Raises what `load_file` raises.
    """
    now = datetime.now(UTC).replace(tzinfo=None)
    loading = Loading(connection, dict(contracts), batch_id, utc(knowledge_at) or now, table, **options)
    reports: list[FileReport] = []

    def tell(found: list[FileReport]) -> None:
        reports.extend(found)
        for report in found:
            told(report)

    documents: list[_Source] = []
    for done, path in enumerate(paths):
        advance(path.name, done, len(paths))
        if is_archive(path) and path.is_file():
            tell(_load_archive(loading, path, lambda text, done=done: advance(text, done, len(paths))))
        elif table is None and batch_reader(path) is not None:
            documents.append(_Source(path.name, path, path))
        else:
            tell([loading.file(path)])
    for batch in _batches(documents):
        advance(f"{len(batch):,} documents", len(paths) - len(documents), len(paths))
        tell(_load_batch(loading, batch, f"{len(batch):,} documents" if len(batch) > 1 else batch[0].name))
    return reports


def batch_reader(path: Path) -> BatchReader | None:
    """The reader of a file whose kind is read many at a time; None for all others."""
    try:
        reader = reader_for(path)
    except RejectedFile:
        return None
    return reader if hasattr(reader, "read_members") else None  # type: ignore[return-value]


def _load_archive(loading: Loading, path: Path, advance: Callable[[str], None]) -> list[FileReport]:
    try:
        with unpacked(path) as members:
            reports: list[FileReport] = []
            documents: list[_Source] = []
            for member in members:
                if loading.table is None and batch_reader(member.path) is not None:
                    documents.append(_Source(member.name, member.path, path))
                    continue
                advance(member.name)
                report = loading.file(member.path, member.name)
                reports.append(dataclasses.replace(report, paths=(path,)))
            for batch in _batches(documents):
                advance(f"{path.name}: {len(documents):,} documents")
                reports.extend(_load_batch(loading, batch, path.name))
            return reports
    except RejectedFile as rejected:
        file = File(path, loading.batch_id, loading.knowledge_at, loading.knowledge_at, path.name)
        return [refuse(loading.connection, file, "rejected", rejected.message, rejected.remedy)]


def _batches(sources: list[_Source]) -> Iterator[list[_Source]]:
    """Sources in groups that fit into memory, each of files of one reader."""
    batch: list[_Source] = []
    size = 0
    for source in sources:
        try:
            bytes_more = source.path.stat().st_size
        except FileNotFoundError:
            bytes_more = 0
        differs = bool(batch) and reader_name(batch[0].path) != reader_name(source.path)
        if batch and (differs or len(batch) >= BATCH_MEMBERS or size + bytes_more > BATCH_BYTES):
            yield batch
            batch, size = [], 0
        batch.append(source)
        size += bytes_more
    if batch:
        yield batch


def _load_batch(loading: Loading, sources: list[_Source], name: str) -> list[FileReport]:
    """Load documents in one transaction: a report on all of them, and one on each that is rejected."""
    now = datetime.now(UTC).replace(tzinfo=None)
    batch = File(sources[0].path, loading.batch_id, now, loading.knowledge_at, name)
    batch.reader = reader_name(sources[0].path)
    contents, members, rejected = _contents(sources)
    try:
        mapping = loading.mapping
        if isinstance(mapping, Path):
            mapping = load_mapping(mapping, loading.contracts)
        used = contracts_read_by(batch.reader, loading.contracts)
        prepare_stages(loading.connection, used)
        batch.recipe = recipe(used, mapping)
        reader = batch_reader(sources[0].path)
        report = None
        if members and reader is not None:
            report = _load_in_transaction(loading, reader, batch, members, contents, mapping)
    except (RejectedFile, MappingError) as error:
        # Not one of them, but all together: the mapping, or knowledge that comes too late.
        message, remedy = (error.message, error.remedy) if isinstance(error, RejectedFile) else (str(error), "")
        for member in members:
            member.state, member.message, member.remedy, member.earlier = "rejected", message, remedy, None
        report = None
        _record_only(loading.connection, members, batch)
    if rejected:
        _record_only(loading.connection, rejected, batch)
    refused = [member for member in (*members, *rejected) if member.state == "rejected"]
    reports = [
        FileReport(member.name, "rejected", member.message, member.remedy, file_id=member.file_id,
                   paths=(member.path,))
        for member in refused
    ]  # fmt: skip
    taken = tuple(dict.fromkeys(member.path for member in members if member.state != "rejected"))
    return [*([dataclasses.replace(report, paths=taken)] if report and taken else []), *reports]


def _contents(sources: list[_Source]) -> tuple[dict[str, bytes], list[MemberFile], list[MemberFile]]:
    """Contents by name, the members, and those that cannot be read at all."""
    contents: dict[str, bytes] = {}
    members: list[MemberFile] = []
    rejected: list[MemberFile] = []
    for source in sources:
        name = source.name
        number = 1
        while name in contents:  # the same name in two folders of the inbox
            number += 1
            name = f"{source.name} ({number})"
        try:
            content = source.path.read_bytes()
        except OSError as error:
            rejected.append(MemberFile(name, source.container, "", 0, "rejected",
                                       f"{name}: it cannot be read: {error.strerror}.", "Check the path."))  # fmt: skip
            continue
        contents[name] = content
        members.append(MemberFile(name, source.container, hashlib.sha256(content).hexdigest(), len(content)))
    return contents, members, rejected


def _record_only(connection: duckdb.DuckDBPyConnection, members: list[MemberFile], batch: File) -> None:
    connection.execute("begin")
    try:
        record_members(connection, members, batch)
        connection.execute("commit")
    except BaseException:
        roll_back(connection)
        raise


def _load_in_transaction(
    loading: Loading,
    reader: BatchReader,
    batch: File,
    members: list[MemberFile],
    contents: dict[str, bytes],
    mapping: FileMapping | None,
) -> FileReport:
    connection = loading.connection
    connection.execute("begin")
    try:
        find_earlier(connection, members, batch.recipe or "")
        by_name = {member.name: member for member in members}
        news = (Member(member.name, contents[member.name]) for member in members if member.state == "loaded")
        found = reader.read_members(connection, news, loading.contracts, mapping)
        for refused in found.rejected:
            member = by_name[refused.name]
            member.state, member.message, member.remedy = "rejected", refused.message, refused.remedy
        batch.encoding = found.tables[0].encoding if found.tables else None
        record_members(connection, members, batch)
        first, last = members[0].file_id, members[-1].file_id
        start_tally(connection)
        load = Load(first, batch.name, batch.batch_id, batch.knowledge_at, last)
        tables: dict[str, TableReport] = {}
        notes: list[str] = []
        for text in found.tables:
            contract = loading.contracts[text.table]
            numbered_text = dataclasses.replace(text, relation=numbered(connection, text.relation))
            report, told = load_text_table(connection, contract, numbered_text, load, mapping)
            record_member_tables(connection, contract, batch)
            tables[report.table] = report
            notes.extend(told)
        tell_members(connection, first, last, found.notes)
        for report in earlier_tables(connection, first, last):
            tables[report.table] = added(tables[report.table], report) if report.table in tables else report
        problems = first_problems(connection, load.rows)
        connection.execute("commit")
    except BaseException:
        roll_back(connection)
        raise
    same = sum(member.state == "unchanged" for member in members)
    new = sum(member.state == "loaded" for member in members)
    if same:
        notes.insert(0, f"{same:,} of the {len(members):,} documents were loaded before.")
    empty = len(found.notes)
    if empty:
        notes.append(f"In {empty:,} of them there was nothing to load.")
    reports = tuple(tables.values())
    message = f"{batch.name}: " + " ".join([*map(rows_in_words, reports), *notes])
    state = "loaded" if new else "unchanged"
    return FileReport(batch.name, state, message, CORRECT_AND_EXPORT if problems else "", reports, problems, first,
                      batch.encoding, tuple(notes), members=len(members))  # fmt: skip
