"""Many small files read as one: the members of a batch, for readers of formats that come a document a file (NF-e).

A reader of this kind has, beside `read`, the method `read_members` (see BatchReader). Whoever loads hands over the
contents one after the other, having left out those that were loaded before, and writes one row of load.files for
every member, so that a number leads to the document it came from.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    import duckdb

    from ingestion.contracts import Contract
    from ingestion.mapping import Mapping
    from ingestion.readers import TextTable


@dataclass(frozen=True)
class Member:
    """One file of a batch. `name` is unique in the batch: the file's name, or `archive.zip/folder/name.xml`."""

    name: str
    content: bytes


@dataclass(frozen=True)
class RejectedMember:
    """A file of a batch of which nothing is loaded; the others are."""

    name: str
    message: str
    remedy: str


@dataclass(frozen=True)
class MemberTables:
    """What a batch holds. Every relation has a column `_member` VARCHAR, the name of the row's member.

    `_line` is the line within the member. A member that is in no table and not rejected held nothing to load
    (a document of a kind that is known and not needed); `notes` may say so.
    """

    tables: list[TextTable]
    rejected: tuple[RejectedMember, ...] = ()
    notes: dict[str, str] = field(default_factory=dict)  # member → remark


class BatchReader(Protocol):
    """A reader that takes many files in one call. `contract` is never given: the documents say what they are."""

    def read_members(
        self,
        connection: duckdb.DuckDBPyConnection,
        members: Iterable[Member],
        contracts: dict[str, Contract],
        mapping: Mapping | None,
    ) -> MemberTables:
        """Tables of all members. A member that is not what it claims to be is rejected alone, never raised."""
        ...
