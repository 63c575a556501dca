"""Freeze a week: what was reported, kept unchanged for ever.

A week is frozen from the publication in which it is the last complete one. A week that was missed is frozen as of its
own date from what raw knew then, and marked late. One whose sources do not reach its end is marked provisional.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from typing import Any

import duckdb

from ingestion.contracts import Contract, load_contracts
from pipeline.company import read_company
from pipeline.failures import Failure
from pipeline.moments import now
from pipeline.progress import Narrator
from pipeline.published_files import published_path
from pipeline.run_log import note
from pipeline.settings import PROJECT_ROOT, DataFolder
from pipeline.snapshot_contents import facts_of_publication, stale_sources, tables_of_week
from pipeline.snapshot_files import FrozenWeek, frozen_weeks, is_frozen, put_week_in_place
from pipeline.snapshot_weeks import Week, last_complete, missed

GRACE_DAYS = 3.0


@dataclass(frozen=True)
class FreezeReport:
    """Which weeks were frozen, and which were frozen already."""

    frozen: tuple[str, ...]
    already_frozen: tuple[str, ...] = ()

    def as_dict(self) -> dict[str, Any]:
        """For JSON."""
        return asdict(self)


def freeze(folder: DataFolder, narrator: Narrator, week: Week | None = None) -> FreezeReport:
    """Freeze one week, or the last complete one of the published file and every week missed before it.

    The caller holds the folder's lock. A week that is frozen is left as it is. Raises Failure for a week that is not
    over yet.
    """
    with open_publication(folder) as connection:
        facts = facts_of_publication(connection)
        current = last_complete(facts["as_of"])
    frozen = [one.week for one in frozen_weeks(folder)]
    wanted = [week] if week else [*missed(frozen, current), current]
    done: list[str] = []
    already: list[str] = []
    for one in wanted:
        if one.over_at > now():
            raise Failure(f"Week {one} is not over yet.", "Freeze it when it is: `refresh` does it by itself.")
        if is_frozen(folder, one):
            narrator.say(f"Week {one} is frozen already: nothing to do.")
            already.append(str(one))
            continue
        if one == current:
            with open_publication(folder) as connection:
                freeze_from(connection, folder, one, narrator)
        else:
            freeze_late(folder, one, narrator)
        done.append(str(one))
    if done:
        narrator.say("The pages show it from the next publication on: `retaguarda refresh` makes one.")
    return FreezeReport(tuple(done), tuple(already))


def freeze_late(folder: DataFolder, week: Week, narrator: Narrator) -> FrozenWeek:
    """Freeze a week that was missed as of its own date: of the end of its grace period, or now, if that comes first."""
    from pipeline.late_building import late_build

    as_of = min(week.over_at + timedelta(days=grace_days(folder)), now())
    narrator.say(f"Week {week} was missed: building it as of its own date …")
    with late_build(folder, as_of, narrator) as connection:
        return freeze_from(connection, folder, week, narrator, is_late=True)


def freeze_missed(folder: DataFolder, narrator: Narrator, as_of: datetime) -> list[str]:
    """Freeze the weeks between the first frozen one and the last complete one that were missed."""
    doomed = missed([one.week for one in frozen_weeks(folder)], last_complete(as_of))
    for week in doomed:
        freeze_late(folder, week, narrator)
    return [str(week) for week in doomed]


def freeze_if_due(connection: duckdb.DuckDBPyConnection, folder: DataFolder, narrator: Narrator) -> FrozenWeek | None:
    """Freeze the last complete week of an open publication, if its sources are fresh or the grace period is over."""
    as_of = facts_of_publication(connection)["as_of"]
    week = last_complete(as_of)
    if is_frozen(folder, week):
        return None
    behind = stale_sources(connection, week)
    if behind and as_of < week.over_at + timedelta(days=grace_days(folder)):
        narrator.say(f"Week {week} is not frozen yet: {', '.join(behind[:5])} may still come.")
        return None
    return freeze_from(connection, folder, week, narrator)


def is_overdue(folder: DataFolder) -> bool:
    """Whether a week should have been frozen by now, of a folder in which weeks are frozen."""
    frozen = [one.week for one in frozen_weeks(folder)]
    current = last_complete(now() - timedelta(days=grace_days(folder)))
    return bool(frozen) and current not in frozen and current > max(frozen)


def freeze_from(
    connection: duckdb.DuckDBPyConnection, folder: DataFolder, week: Week, narrator: Narrator, *, is_late: bool = False
) -> FrozenWeek:
    """Freeze a week from an open publication or build, to which raw is attached as `raw`."""
    facts = facts_of_publication(connection)
    behind = stale_sources(connection, week)
    tables = tables_of_week(connection, contracts_of_project(), week, facts["as_of"])
    catalogue = tables["catalogue"]
    frozen = put_week_in_place(
        folder,
        week,
        tables,
        {
            "frozen_at": now(),
            **facts,
            "is_provisional": bool(behind),
            "is_late": is_late,
            "stale_sources": behind,
            "definition_hashes": dict(catalogue.select("name", "definition_hash").iter_rows()),
            "data_hashes": dict(catalogue.select("name", "data_hash").iter_rows()),
        },
    )
    marks = [word for word, holds in (("provisional", behind), ("late", is_late)) if holds]
    said = f" ({', '.join(marks)})" if marks else ""
    narrator.say(f"Froze week {week}{said}: {tables['values'].height:,} values.")
    note("frozen", weeks=[str(week)])
    return frozen


def grace_days(folder: DataFolder) -> float:
    """For how many days after its end a week waits for its sources."""
    company = read_company(folder.company)
    return company.freeze_grace_days if company else GRACE_DAYS


def contracts_of_project() -> Mapping[str, Contract]:
    """The contracts of all exports."""
    return load_contracts(PROJECT_ROOT)


@contextmanager
def open_publication(folder: DataFolder) -> Iterator[duckdb.DuckDBPyConnection]:
    """The published file, read-only, with raw attached as `raw`."""
    published, raw = (str(path).replace("'", "''") for path in (published_path(folder), folder.raw))
    connection = duckdb.connect()
    try:
        connection.execute(f"attach '{published}' as published (read_only)")
        connection.execute(f"attach '{raw}' as raw (read_only)")
        connection.execute("use published")
        yield connection
    finally:
        connection.close()
