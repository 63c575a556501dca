"""Documents that come a file each (NF-e), loaded together: thousands in one transaction, a row of the book for each."""

from __future__ import annotations

import dataclasses
import hashlib
from collections.abc import Callable, Iterator, Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import duckdb

from ingestion.book import File
from ingestion.choice import recipe
from ingestion.contracts import Contract
from ingestion.load import CORRECT_AND_EXPORT, contracts_read_by, load_file, roll_back
from ingestion.mapping import Mapping as FileMapping
from ingestion.mapping import MappingError, load_mapping
from ingestion.mapping_choice import choose_by_names, mappings_in
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
from ingestion.reports import FileReport, TableReport, added, rows_in_words
from ingestion.version_book import Load
from ingestion.versions import load_text_table, prepare_stages

BATCH_MEMBERS = 5_000
BATCH_BYTES = 64 << 20


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
class Source:
    """A file to load: its copy on the disk, its name for people, and the file that it came in or is."""

    name: str
    path: Path
    container: Path


def batch_reader(path: Path) -> BatchReader | None:
    """The reader of a file whose kind is read many at a time; None for all others."""
    try:
        reader = reader_for(path)
    except RejectedFile:
        return None
    return reader if hasattr(reader, "read_members") else None  # type: ignore[return-value]


def load_documents(
    loading: Loading, sources: list[Source], advance: Callable[[str], None], name: str | None = None
) -> Iterator[list[FileReport]]:
    """Load documents, a batch a transaction: a report on each batch, and one on each document that is rejected.

    Documents of one mapping go together: the one given for all, or the one of the folder that fits the document's
    name or, where none does, the name of the archive that it came in. `name` is what a batch is called in its report.
    """
    for mapping, group in _by_mapping(loading, sources):
        if isinstance(mapping, RejectedFile):
            batch = _batch(loading, group, name)
            _, members, rejected = _contents(group)
            _refuse(members, mapping)
            _record_only(loading.connection, [*members, *rejected], batch)
            yield _refusals([*members, *rejected])
            continue
        for batch in _batches(group):
            advance(f"{len(batch):,} documents")
            yield _load_batch(loading, batch, name, mapping)


def _by_mapping(
    loading: Loading, sources: list[Source]
) -> list[tuple[FileMapping | RejectedFile | None, list[Source]]]:
    """Sources by the mapping that reads them, in the order of the first of each; or by the reason why none can."""
    if not sources:
        return []
    try:
        given = loading.mapping
        if isinstance(given, Path):
            given = load_mapping(given, loading.contracts)
        known = mappings_in(loading.mappings_dir, loading.contracts) if given is None else []
    except MappingError as error:
        return [(RejectedFile(str(error), "Correct the mapping file and load again."), sources)]
    if given is not None or not known:
        return [(given, sources)]
    groups: dict[object, tuple[FileMapping | RejectedFile | None, list[Source]]] = {}
    for source in sources:
        reader = reader_name(source.path)
        readable = [mapping for mapping in known if reader in loading.contracts[mapping.table].readers]
        try:
            chosen = choose_by_names(readable, (Path(source.name).name, source.path.name, source.container.name))
        except RejectedFile as rejected:
            groups[source.path] = (rejected, [source])  # two folders may hold documents of one name
        else:
            groups.setdefault(chosen and chosen.path, (chosen, []))[1].append(source)
    return list(groups.values())


def _batches(sources: list[Source]) -> Iterator[list[Source]]:
    """Sources in groups that fit into memory, each of files of one reader."""
    batch: list[Source] = []
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


def _batch(loading: Loading, sources: list[Source], name: str | None) -> File:
    """The batch as one file of the book: what its reports are called, and how it is read."""
    called = name or (f"{len(sources):,} documents" if len(sources) > 1 else sources[0].name)
    now = datetime.now(UTC).replace(tzinfo=None)
    batch = File(sources[0].path, loading.batch_id, now, loading.knowledge_at, called)
    batch.reader = reader_name(sources[0].path)
    return batch


def _load_batch(
    loading: Loading, sources: list[Source], name: str | None, mapping: FileMapping | None
) -> list[FileReport]:
    batch = _batch(loading, sources, name)
    contents, members, rejected = _contents(sources)
    report = None
    try:
        used = contracts_read_by(batch.reader, loading.contracts)
        prepare_stages(loading.connection, used)
        batch.recipe = recipe(used, mapping)
        reader = batch_reader(sources[0].path)
        if members and reader is not None:
            report = _load_in_transaction(loading, reader, batch, members, contents, mapping)
    except RejectedFile as error:
        # Not one of them, but all together: the mapping, or knowledge that comes too late.
        _refuse(members, error)
        _record_only(loading.connection, members, batch)
    if rejected:
        _record_only(loading.connection, rejected, batch)
    taken = tuple(dict.fromkeys(member.path for member in members if member.state != "rejected"))
    loaded = [dataclasses.replace(report, paths=taken)] if report and taken else []
    return [*loaded, *_refusals([*members, *rejected])]


def _refuse(members: list[MemberFile], error: RejectedFile) -> None:
    for member in members:
        member.state, member.message, member.remedy, member.earlier = "rejected", error.message, error.remedy, None


def _refusals(members: list[MemberFile]) -> list[FileReport]:
    return [
        FileReport(member.name, "rejected", member.message, member.remedy, file_id=member.file_id,
                   paths=(member.path,))
        for member in members if member.state == "rejected"
    ]  # fmt: skip


def _contents(sources: list[Source]) -> tuple[dict[str, bytes], list[MemberFile], list[MemberFile]]:
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
    if empty and len(members) == 1:
        notes.extend(f"{note}.".replace(f"{batch.name} is", "It is", 1) for note in found.notes.values())
    elif empty:
        notes.append(f"In {empty:,} of them there was nothing to load.")
    reports = tuple(tables.values())
    message = f"{batch.name}: " + " ".join([*map(rows_in_words, reports), *notes])
    state = "loaded" if new else "unchanged"
    return FileReport(batch.name, state, message, CORRECT_AND_EXPORT if problems else "", reports, problems, first,
                      batch.encoding, tuple(notes), members=len(members))  # fmt: skip
