"""What was known then: numbers built at the time equal those built later, as of then, from all that came since."""

from __future__ import annotations

import shutil
from datetime import date
from pathlib import Path

import duckdb
import polars as pl
import pytest
from polars.testing import assert_frame_equal

from ingestion.contracts import load_contracts
from ingestion.raw import open_raw
from kpis.catalogue import load_catalogue
from kpis.roll_up import roll_up_all
from pipeline.dbt_process import ALL_TESTS, building_file, run_dbt, target_folder
from pipeline.demonstration import BATCH_PREFIX, SAMPLE, knowledge_folders
from pipeline.loading import load
from pipeline.moments import end_of_local_day
from pipeline.progress import Narrator
from pipeline.settings import PROJECT_ROOT, DataFolder

THEN = date(2026, 9, 30)
# Every kind of KPI, over tables that are corrected, closed by full exports, and told late.
CHOSEN = (
    "days_to_pay", "paid_within_30", "amount_paid", "journal_error_rate", "okr_score", "roi", "investment_irr", "nps",
    "first_response_time", "tickets_opened",
)  # fmt: skip
FILES = (
    "contas_a_pagar", "fornecedores", "objetivos", "resultados_chave", "acompanhamentos", "projetos",
    "fluxos_projetos", "respostas_nps", "chamados", "eventos_chamados", "tickets", "lancamentos",
)  # fmt: skip


def build_chosen(folder: DataFolder, parsed_in: DataFolder) -> dict[str, pl.DataFrame]:
    """Components of the chosen KPIs as of `THEN`; dbt begins with what it parsed for `parsed_in`."""
    parsed = target_folder(parsed_in) / "partial_parse.msgpack"
    if parsed.exists() and folder != parsed_in:
        target_folder(folder).mkdir(parents=True, exist_ok=True)
        shutil.copy(parsed, target_folder(folder))
    selected = " ".join(f"+kpi_{name}" for name in CHOSEN)
    run = run_dbt(folder, end_of_local_day(THEN), lambda *_: None, selected, without=ALL_TESTS)
    assert run.exit_code == 0, run.errors
    with duckdb.connect(str(building_file(folder)), read_only=True) as connection:
        return {name: connection.cursor().sql(f"select * from metrics.kpi_{name} order by all").pl() for name in CHOSEN}


def load_days(folder: DataFolder, after: date, until: date) -> None:
    """Load the sample's files of the chosen KPIs that became known after one day and until another."""
    for day, exports in knowledge_folders():
        if after < day <= until:
            files = [path for path in sorted(exports.iterdir()) if path.name.startswith(FILES)]
            load(
                folder, files, Narrator(quiet=True), knowledge_at=end_of_local_day(day), batch_prefix=BATCH_PREFIX,
                mappings=SAMPLE / "mappings",
            )  # fmt: skip


def closed_after(folder: DataFolder) -> int:
    """Versions that were replaced or closed by what became known after `THEN`."""
    with open_raw(folder.raw, load_contracts(PROJECT_ROOT)) as raw:
        return sum(
            raw.execute(f"select count(*) from {table} where _valid_to > ?", [end_of_local_day(THEN)]).fetchall()[0][0]
            for table in ("erp.payables", "strategy.objectives", "helpdesk.tickets")
        )


@pytest.mark.slow
@pytest.mark.lengthy
def test_numbers_built_then_equal_numbers_built_later_as_of_then(tmp_path: Path) -> None:
    then, later = DataFolder(tmp_path / "then").prepare(), DataFolder(tmp_path / "later").prepare()
    load_days(then, date.min, THEN)
    shutil.copy(then.raw, later.raw)
    load_days(later, THEN, date.max)
    # Without corrections that came later the test would say nothing.
    assert closed_after(then) == 0
    assert closed_after(later) > 100
    built_then = build_chosen(then, then)
    built_later = build_chosen(later, then)
    catalogue = load_catalogue(PROJECT_ROOT)
    for name in CHOSEN:
        assert built_then[name].height > 0, name
        assert_frame_equal(built_then[name], built_later[name])
        first, second = (roll_up_all(built[name], catalogue[name], THEN) for built in (built_then, built_later))
        assert first.height > 0, name
        order = [column for column in first.columns if first[column].dtype in (pl.String, pl.Date)]
        assert_frame_equal(first.sort(order), second.sort(order))
