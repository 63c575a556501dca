"""Load many files: archives member by member, documents that come a file each (NF-e) together."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import duckdb

from ingestion.book import File
from ingestion.contracts import Contract
from ingestion.document_batch import Loading, Source, batch_reader, load_documents
from ingestion.load import refuse, utc
from ingestion.readers import RejectedFile
from ingestion.readers.archive import is_archive, unpacked
from ingestion.reports import FileReport

Advance = Callable[[str, int, int], None]


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

    documents: list[Source] = []
    for done, path in enumerate(paths):
        advance(path.name, done, len(paths))
        if is_archive(path) and path.is_file():
            tell(_load_archive(loading, path, lambda text, done=done: advance(text, done, len(paths))))
        elif table is None and batch_reader(path) is not None:
            documents.append(Source(path.name, path, path))
        else:
            tell([loading.file(path)])
    taken = len(paths) - len(documents)
    for found in load_documents(loading, documents, lambda text: advance(text, taken, len(paths))):
        tell(found)
    return reports


def _load_archive(loading: Loading, path: Path, advance: Callable[[str], None]) -> list[FileReport]:
    try:
        with unpacked(path) as members:
            reports: list[FileReport] = []
            documents: list[Source] = []
            for member in members:
                if loading.table is None and batch_reader(member.path) is not None:
                    documents.append(Source(member.name, member.path, path))
                    continue
                advance(member.name)
                report = loading.file(member.path, member.name)
                reports.append(dataclasses.replace(report, paths=(path,)))
            for found in load_documents(loading, documents, lambda text: advance(f"{path.name}: {text}"), path.name):
                reports.extend(found)
            return reports
    except RejectedFile as rejected:
        file = File(path, loading.batch_id, loading.knowledge_at, loading.knowledge_at, path.name)
        return [refuse(loading.connection, file, "rejected", rejected.message, rejected.remedy)]
