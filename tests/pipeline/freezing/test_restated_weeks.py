"""What differs from a frozen week today is told, and explained to the row and to the cent."""

from __future__ import annotations

import shutil
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path

import duckdb
import polars as pl
import pytest

from ingestion.contracts import load_contracts
from kpis.catalogue import Kpi, load_catalogue
from kpis.restatements import CAUSES
from pipeline.building import read_manifest
from pipeline.company_targets import company_targets
from pipeline.dbt_process import ALL_TESTS, building_file, run_dbt
from pipeline.freezing import open_publication
from pipeline.lineage import Lineage, read_lineage
from pipeline.loading import load
from pipeline.moments import parse_moment
from pipeline.pseudonyms import pseudonym_key
from pipeline.published_definitions import definition_hashes, write_catalogue
from pipeline.published_kpis import write_kpis
from pipeline.publishing import attach_raw
from pipeline.settings import PROJECT_ROOT, DataFolder
from pipeline.snapshot_files import frozen_weeks
from pipeline.snapshot_publishing import intact_weeks, write_snapshots
from tests.pipeline.freezing.conftest import QUIET, copy_of

KPIS = ("amount_paid", "manual_entries", "tickets_opened")
LATE_INVOICES = """Empresa;Unidade;Fornecedor;Documento;Parcela;Emissão;Recebimento;Vencimento;Pagamento;Valor;Valor Pago;Centro de Custo;Categoria;Contestado;Situação
01;MTZ;F0004;NF990001;1;13/10/2026;15/10/2026;11/11/2026;11/11/2026;1.000,00;1.000,00;2010;Energia e água;N;Pago
01;MTZ;F0004;NF990002;1;13/10/2026;15/10/2026;11/11/2026;12/11/2026;250,50;250,50;2010;Energia e água;N;Pago
"""

CHANGES_IN_RAW = """
create temp table corrected as
select * from erp.journal_lines
where _valid_to is null and entry_id = (
    select entry_id from erp.journal_lines
    where _valid_to is null and posting_date between date '2026-11-10' and date '2026-11-12'
        and source = 'manual' and entry_kind = 'normal' and reverses_entry_id is null
    group by entry_id having count(*) = 2 order by entry_id limit 1
);
update erp.journal_lines set _valid_to = getvariable('known_at')
where _valid_to is null and entry_id in (select entry_id from corrected);
insert into erp.journal_lines
select * replace (
    'automatic' as source, getvariable('known_at') as _valid_from,
    (select max(file_id) from load.files) as _file_id, _line + 1000 as _line, _row_hash + 1 as _row_hash
) from corrected;
create temp table closed as
select * from helpdesk.tickets
where _valid_to is null and opened_at between '2026-11-12' and '2026-11-14' and status <> 'cancelled'
order by ticket_id limit 2;
update helpdesk.tickets set _valid_to = getvariable('known_at')
where _valid_to is null and ticket_id in (select ticket_id from closed);
insert into helpdesk.tickets
select * replace (
    'Outro assunto' as category, getvariable('known_at') as _valid_from,
    (select max(file_id) from load.files) as _file_id, _line + 2000 as _line, _row_hash + 1 as _row_hash
) from closed;
update helpdesk.tickets set _valid_to = getvariable('known_at')
where _valid_to is null and ticket_id in (
    select ticket_id from helpdesk.tickets
    where _valid_to is null and opened_at between '2026-11-10' and '2026-11-12' and status <> 'cancelled'
    order by ticket_id limit 3
);
"""


def ask(connection: duckdb.DuckDBPyConnection, statement: str) -> list[dict[str, object]]:
    return connection.sql(statement).pl().to_dicts()


@pytest.fixture(scope="module")
def restated(frozen: DataFolder, tmp_path_factory: pytest.TempPathFactory) -> DataFolder:
    """Week 46 as above; then invoices arrived late, an entry was corrected, tickets were deleted, and it was built."""
    folder = copy_of(frozen.root, tmp_path_factory.mktemp("restated") / "data")
    shutil.copytree(frozen.root / "snapshots", folder.root / "snapshots")
    exports = tmp_path_factory.mktemp("exports")
    (exports / "contas_a_pagar_atrasadas.csv").write_text(LATE_INVOICES, encoding="utf-8")
    known_at = parse_moment("2026-11-24")
    loaded = load(folder, [exports], QUIET, knowledge_at=known_at)
    assert loaded.total("rows_loaded") == 2
    connection = duckdb.connect(str(folder.raw))
    # What a corrected and a full export do to raw: versions end, and another one begins.
    connection.execute(f"set variable known_at = timestamp '{known_at}'")
    connection.execute(CHANGES_IN_RAW)
    connection.close()
    as_of, selection = parse_moment("2026-11-25"), " ".join(f"+kpi_{name}" for name in KPIS)
    assert run_dbt(folder, as_of, lambda *_: None, select=selection, without=ALL_TESTS).exit_code == 0
    connection = duckdb.connect(str(building_file(folder)))
    attach_raw(connection, folder)
    catalogue = {name: kpi for name, kpi in load_catalogue(PROJECT_ROOT).items() if name in KPIS}
    lineage = lineage_of(folder)
    write_all(connection, folder, catalogue, definition_hashes(catalogue, lineage), lineage)
    connection.close()
    return folder


def lineage_of(folder: DataFolder) -> tuple[Lineage, ...]:
    return read_lineage(read_manifest(folder), parse_moment("2026-11-25"), pseudonym_key(folder))


def write_all(
    connection: duckdb.DuckDBPyConnection,
    folder: DataFolder,
    catalogue: Mapping[str, Kpi],
    hashes: Mapping[str, str],
    lineage: Sequence[Lineage],
) -> None:
    """What publishing writes of the KPIs, and the restatements."""
    as_of = parse_moment("2026-11-25")
    targets = company_targets(folder, load_catalogue(PROJECT_ROOT))
    write_kpis(connection, catalogue, as_of, targets, hashes, lambda *_: None)
    write_catalogue(connection, catalogue, PROJECT_ROOT, as_of, targets, lineage, hashes)
    write_snapshots(connection, folder, load_contracts(PROJECT_ROOT), as_of, QUIET)


@pytest.fixture
def known(restated: DataFolder) -> Iterator[duckdb.DuckDBPyConnection]:
    """What the published file says of week 46 after all that."""
    connection = duckdb.connect(str(building_file(restated)), read_only=True)
    yield connection
    connection.close()


WEEK_TOTAL = "grain = 'week' and dimension = 'total' and week = '2026-W46'"


def test_late_invoices_are_told_to_the_row_and_to_the_cent(known: duckdb.DuckDBPyConnection) -> None:
    (figure,) = ask(known, f"select * from kpi.kpi_restatements where kpi = 'amount_paid' and {WEEK_TOTAL}")
    assert figure["difference"] == pytest.approx(1250.50)
    assert (figure["rows_arrived_late"], figure["amount_arrived_late"]) == (2, pytest.approx(1250.50))
    assert (figure["rows_corrected"], figure["rows_deleted"], figure["rows_definition_changed"]) == (0, 0, 0)
    assert figure["explained_by"] == "records"
    rows = ask(known, "select * from kpi.restatement_rows where kpi = 'amount_paid' order by line")
    assert [
        (row["file_name"], row["line"], row["cause"], row["amount_before"], row["amount_after"]) for row in rows
    ] == [
        ("contas_a_pagar_atrasadas.csv", 2, "arrived_late", None, 1000.0),
        ("contas_a_pagar_atrasadas.csv", 3, "arrived_late", None, 250.5),
    ]
    assert "NF990001" in str(rows[0]["key"])
    (unit,) = ask(
        known,
        "select member, difference, rows_arrived_late from kpi.kpi_restatements "
        "where kpi = 'amount_paid' and grain = 'week' and dimension = 'business_unit'",
    )
    assert (unit["member"], unit["rows_arrived_late"]) == ("MTZ", 2)


def test_a_corrected_journal_entry_is_told_with_before_and_after(known: duckdb.DuckDBPyConnection) -> None:
    (figure,) = ask(known, f"select * from kpi.kpi_restatements where kpi = 'manual_entries' and {WEEK_TOTAL}")
    assert (figure["reported_numerator"], figure["reported_denominator"]) == (
        float(str(figure["now_numerator"])) + 1,
        figure["now_denominator"],
    )
    assert (figure["rows_corrected"], figure["rows_arrived_late"], figure["rows_deleted"]) == (1, 0, 0)
    (row,) = ask(known, "select * from kpi.restatement_rows where kpi = 'manual_entries'")
    assert (row["cause"], row["source"], row["counts_before"], row["counts_after"]) == (
        "corrected",
        "erp.journal_lines",
        True,
        False,
    )
    assert row["amount_before"] == row["amount_after"]
    assert figure["amount_corrected"] == pytest.approx(-float(str(row["amount_before"])))


def test_deleted_tickets_are_told(known: duckdb.DuckDBPyConnection) -> None:
    (figure,) = ask(known, f"select * from kpi.kpi_restatements where kpi = 'tickets_opened' and {WEEK_TOTAL}")
    assert figure["difference"] == -3
    assert (figure["rows_deleted"], figure["rows_corrected"], figure["rows_arrived_late"]) == (3, 0, 0)
    rows = ask(known, "select * from kpi.restatement_rows where kpi = 'tickets_opened' and cause = 'deleted'")
    assert len(rows) == 3
    # Two more have another subject now, and are opened tickets all the same: told, and not counted.
    same = ask(known, "select cause from kpi.restatement_rows where kpi = 'tickets_opened' and not changes_record")
    assert same == [{"cause": "corrected"}] * 2
    assert all(row["date_before"] is not None and row["date_after"] is None and row["line"] for row in rows)


def test_what_was_reported_stays_as_it_was(known: duckdb.DuckDBPyConnection, frozen: DataFolder) -> None:
    (kept,) = ask(known, f"select value, data_hash from kpi.kpi_snapshots where kpi = 'amount_paid' and {WEEK_TOTAL}")
    with open_publication(frozen) as connection:
        (published,) = ask(
            connection,
            "select value from kpi.kpi_values where kpi = 'amount_paid' and grain = 'week' and dimension = 'total' "
            "and period_start = date '2026-11-09'",
        )
    assert kept["value"] == published["value"]
    assert len(str(kept["data_hash"])) == 64
    (week,) = ask(known, "select * from kpi.snapshot_weeks")
    assert week["manifest_sha256"] == frozen_weeks(frozen)[0].manifest_sha256


@pytest.mark.lengthy
def test_a_changed_definition_is_told_apart_from_changed_rows(restated: DataFolder, tmp_path: Path) -> None:
    built = building_file(restated)
    changed = Path(shutil.copy(built, tmp_path))
    kpi = load_catalogue(PROJECT_ROOT)["amount_paid"]
    assert kpi.records is not None
    narrower = replace(kpi, records=replace(kpi.records, where="is_measured and is_paid and paid_amount_brl >= 500"))
    connection = duckdb.connect(str(changed))
    attach_raw(connection, restated)
    left_out = ask(
        connection,
        "select count(*) as rows, sum(paid_amount_brl) as amount from marts.fct_payables where is_measured and is_paid "
        "and paid_amount_brl < 500 and paid_date between date '2026-11-09' and date '2026-11-15' "
        "and document not like 'NF99%'",
    )[0]
    # The model as it would be after the change: the same grain, without small payments.
    connection.execute(
        "create or replace table metrics.kpi_amount_paid as select * replace (coalesce(("
        "select sum(fact.paid_amount_brl) from marts.fct_payables as fact where fact.paid_date = date_day "
        "and fact.business_unit = old.business_unit and fact.category = old.category "
        "and fact.is_measured and fact.is_paid and fact.paid_amount_brl >= 500), 0) as numerator) "
        "from metrics.kpi_amount_paid as old"
    )
    write_all(connection, restated, {"amount_paid": narrower}, {"amount_paid": "another version"}, lineage_of(restated))
    (figure,) = ask(connection, f"select * from kpi.kpi_restatements where kpi = 'amount_paid' and {WEEK_TOTAL}")
    connection.close()
    assert figure["is_definition_changed"] is True
    assert left_out["rows"]
    assert figure["rows_definition_changed"] == left_out["rows"]
    assert figure["amount_definition_changed"] == pytest.approx(-float(str(left_out["amount"])))
    # The late invoice of 250.50 is one of those that no longer count.
    assert (figure["rows_arrived_late"], figure["amount_arrived_late"]) == (2, pytest.approx(1000.0))
    split = sum(float(str(figure[f"amount_{cause}"])) for cause in ("arrived_late", "definition_changed"))
    assert split == pytest.approx(figure["difference"])


def test_an_altered_week_is_not_published(restated: DataFolder, tmp_path: Path) -> None:
    folder = DataFolder(tmp_path / "data")
    shutil.copytree(restated.root / "snapshots", folder.root / "snapshots")
    path = folder.root / "snapshots" / "2026-W46" / "values.parquet"
    path.chmod(0o644)
    pl.read_parquet(path).with_columns(value=pl.lit(1.0)).write_parquet(path)
    assert intact_weeks(folder, QUIET) == []


@pytest.mark.parametrize(
    ("kpi", "week", "cause", "rows", "difference"),
    [
        ("operating_cash_flow", "2026-W46", "arrived_late", 14, -14_350.93),
        ("amount_paid", "2026-W45", "corrected", 112, 400_852.03),
        ("tickets_opened", "2026-W46", "corrected", 1, -1),
    ],
)
def test_the_sample_comes_with_weeks_restated_for_a_known_cause(
    published_copy: Path, kpi: str, week: str, cause: str, rows: int, difference: float
) -> None:
    with duckdb.connect(str(published_copy), read_only=True) as connection:
        (figure,) = ask(
            connection,
            f"select * from kpi.kpi_restatements where kpi = '{kpi}' and week = '{week}' "
            "and grain = 'week' and dimension = 'total'",
        )
    assert figure["difference"] == pytest.approx(difference)
    told = {name: figure[f"rows_{name}"] for name in CAUSES if figure[f"rows_{name}"]}
    assert told == {cause: rows}
    if figure["amount_column"]:
        assert figure[f"amount_{cause}"] == pytest.approx(difference)
