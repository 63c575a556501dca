"""Two companies that number everything alike: each joins its own rows, so that every KPI counts exactly twice."""

from __future__ import annotations

import shutil
from pathlib import Path

import duckdb
import pytest

from ingestion.contracts import load_contracts
from kpis.catalogue import Kpi, load_catalogue
from pipeline.sample.company import AS_OF, COMPANY

ROOT = Path(__file__).resolve().parents[2]
pytestmark = pytest.mark.lengthy  # it builds everything anew

# A fiscal document has one key in the whole country: it stays the first company's, and what waits for it waits.
OF_DOCUMENTS = ("nfe_cancellation_rate", "nfe_late_cancellation_rate", "invoice_delay")
ROUNDING = 0.001  # scores keep four decimals, rounded after their sum
NOT_ADDITIVE = ("entry_age", "exit_age", "is_finished", "project", "scenario", "annual_discount_rate")


@pytest.fixture(scope="module")
def twice(retaguarda, demo_data: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A build of the sample company beside its twin, which has another company code and all else the same."""
    folder = tmp_path_factory.mktemp("twice")
    for name in ("raw.duckdb", "company.yml"):
        shutil.copyfile(demo_data / name, folder / name)
    raw = duckdb.connect(str(folder / "raw.duckdb"))
    for name, contract in load_contracts(ROOT).items():
        if "company" in contract.key:
            raw.execute(
                f"insert into {name} select * replace ('02' as company, _row_key + 1 as _row_key) from {name} "
                f"where company = '{COMPANY}'"
            )
    raw.close()
    built = retaguarda("build", "--as-of", AS_OF.isoformat(), "--format", "json", data=folder, timeout=1_800)
    assert built.returncode == 0, built.stdout + built.stderr
    return max((folder / "builds").glob("*.duckdb"))


def additive(kpi: Kpi) -> list[str]:
    return [column for column in kpi.component_columns if column not in NOT_ADDITIVE]


def test_every_component_is_twice_what_it_was(twice: Path, published_copy: Path) -> None:
    connection = duckdb.connect()
    connection.execute(f"attach '{published_copy}' as one (read_only)")
    connection.execute(f"attach '{twice}' as two (read_only)")
    wrong: dict[str, list[tuple[object, ...]]] = {}
    for name, kpi in load_catalogue(ROOT).items():
        if name in OF_DOCUMENTS:
            continue
        sums = ", ".join(f"coalesce(sum({column}), 0) as {column}" for column in additive(kpi))
        differs = " or ".join(
            f"abs(coalesce(two.{column}, 0) - 2 * coalesce(one.{column}, 0)) > {ROUNDING}" for column in additive(kpi)
        )
        query = f"select date_day, {sums} from {{}}.metrics.{kpi.model} group by date_day"
        found = connection.execute(
            f"select * from ({query.format('one')}) as one full join ({query.format('two')}) as two using (date_day) "
            f"where {differs} order by date_day limit 3"
        ).fetchall()
        if found:
            wrong[name] = found
    connection.close()
    assert wrong == {}, wrong
