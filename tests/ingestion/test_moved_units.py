"""Two units that number alike, and two files that contradict each other, do not overwrite in silence."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta

import duckdb

from ingestion.reports import FileReport
from tests.ingestion.conftest import payable

Load = Callable[..., FileReport]


def of_unit(unit: str, count: int, first: int = 0, **changes: str) -> list[str]:
    return [payable(document=f"NF-{first + place}", unit=unit, **changes) for place in range(count)]


def units(store: duckdb.DuckDBPyConnection) -> list[tuple[str, int]]:
    query = "select business_unit, count(*) from erp.payables where _valid_to is null group by 1 order by 1"
    return store.execute(query).fetchall()


def test_the_same_numbers_of_another_unit_are_held_until_confirmed(load: Load, store) -> None:
    load(of_unit("MTZ", 30), name="payables_mtz.csv")
    other = of_unit("SUL", 12, amount="99,00") + of_unit("SUL", 40, first=100)
    held = load(other, name="payables_sul.csv")
    assert held.state == "held"
    assert "12 of its rows were in another unit before (MTZ → SUL)" in held.message
    assert "--confirm" in held.remedy
    assert units(store) == [("MTZ", 30)]
    assert load(other, name="payables_sul.csv", is_confirmed=True).state == "loaded"
    assert units(store) == [("MTZ", 18), ("SUL", 52)]


def test_a_few_that_moved_are_told(load: Load, store) -> None:
    load(of_unit("MTZ", 30))
    report = load(of_unit("SUL", 3) + of_unit("MTZ", 27, first=3, amount="5,00"), name="payables_2026_08.csv")
    assert report.state == "loaded"
    assert "3 of its rows were in another unit before (MTZ → SUL)." in report.notes
    assert units(store) == [("MTZ", 27), ("SUL", 3)]


def test_a_unit_that_became_known_has_not_moved(load: Load, store) -> None:
    load(of_unit("unassigned", 30))
    assert load(of_unit("SUL", 30), name="payables_2026_08.csv").state == "loaded"


def test_files_of_one_moment_that_contradict_each_other_are_told(load: Load, store) -> None:
    moment = datetime(2026, 11, 20, 12)
    load(of_unit("MTZ", 30), name="payables (1).csv", knowledge_at=moment)
    report = load(of_unit("MTZ", 3, amount="9,99") + of_unit("MTZ", 27, first=3), name="payables.csv",
                  knowledge_at=moment)  # fmt: skip
    (note,) = report.notes
    assert note.startswith(
        "3 rows say something else than payables (1).csv, loaded at the same moment: this file counts"
    )
    later = load(of_unit("MTZ", 30, amount="7,77"), name="payables_2.csv", knowledge_at=moment + timedelta(days=1))
    assert later.notes == (), "what a later file says is a correction"


def test_files_of_one_moment_move_a_row_once(load: Load, store) -> None:
    moment = datetime(2026, 11, 20, 12)
    load(of_unit("MTZ", 60), knowledge_at=moment - timedelta(days=1))
    first = load(of_unit("SUL", 12) + of_unit("MTZ", 48, first=12, amount="5,00"), name="payables_a.csv",
                 knowledge_at=moment, is_confirmed=True)  # fmt: skip
    assert "12 of its rows were in another unit before (MTZ → SUL)." in first.notes
    second = load(of_unit("SUL", 12, amount="7,00"), name="payables_b.csv", knowledge_at=moment)
    assert second.state == "loaded", second.message
    assert units(store) == [("MTZ", 48), ("SUL", 12)]
