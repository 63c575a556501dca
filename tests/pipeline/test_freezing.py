"""Frozen weeks: there wholly or not at all, never altered unseen, and every later difference explained to the row."""

from __future__ import annotations

import json
import random
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime
from pathlib import Path
from subprocess import CompletedProcess

import duckdb
import polars as pl
import pytest

from ingestion.contracts import load_contracts
from kpis.catalogue import Kpi, load_catalogue
from kpis.restatements import CAUSES
from kpis.restatements import restated as restated_figures
from pipeline.building import read_manifest
from pipeline.company_targets import company_targets
from pipeline.dbt_process import ALL_TESTS, building_file, run_dbt
from pipeline.failures import ExitCode, Failure
from pipeline.freezing import freeze, freeze_if_due, grace_days, is_overdue, open_publication
from pipeline.lineage import Lineage, read_lineage
from pipeline.loading import load
from pipeline.moments import local_day, now, parse_moment
from pipeline.progress import Narrator
from pipeline.pseudonyms import pseudonym_key
from pipeline.published_definitions import definition_hashes, write_catalogue
from pipeline.published_files import published_path
from pipeline.published_kpis import write_kpis
from pipeline.publishing import attach_raw
from pipeline.settings import PROJECT_ROOT, DataFolder
from pipeline.snapshot_contents import stale_sources
from pipeline.snapshot_files import frozen_weeks, put_week_in_place
from pipeline.snapshot_publishing import intact_weeks, reported, write_snapshots
from pipeline.snapshot_verifying import verify
from pipeline.snapshot_weeks import Week, last_complete, missed

RunCommand = Callable[..., "CompletedProcess[str]"]
QUIET = Narrator(quiet=True)
WEEK = Week.parse("2026-W46")
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


def copy_of(folder: Path, target: Path) -> DataFolder:
    """A data folder of its own: raw, the published file, and dbt's parsed project."""
    target.mkdir()
    shutil.copy(folder / "raw.duckdb", target)
    shutil.copy(folder / "pseudonym.key", target)
    shutil.copytree(folder / "serving", target / "serving")
    (target / "builds" / "target").mkdir(parents=True)
    for kept in (folder / "builds" / "target" / "partial_parse.msgpack", folder / "builds" / "unit_tests.json"):
        if kept.exists():
            shutil.copy(kept, target / kept.relative_to(folder))
    return DataFolder(target).prepare()


def let_a_source_be_late(folder: DataFolder) -> None:
    """The desk's export of week 46 has not come yet."""
    path = published_path(folder)
    path.chmod(0o644)
    with duckdb.connect(str(path)) as connection:
        connection.execute(
            "update meta.source_freshness set state = 'stale', last_loaded_at = timestamp '2026-11-10 12:00:00' "
            "where source = 'helpdesk' and table_name = 'tickets'"
        )
    path.chmod(0o444)


@pytest.fixture(scope="module")
def frozen(demo_data: Path, tmp_path_factory: pytest.TempPathFactory) -> DataFolder:
    """The sample company with week 46 frozen from what is published. Never write to it: copy its snapshots first."""
    folder = copy_of(demo_data, tmp_path_factory.mktemp("frozen") / "data")
    let_a_source_be_late(folder)
    assert freeze(folder, QUIET, WEEK).frozen == ("2026-W46",)
    return folder


@pytest.fixture
def chain(frozen: DataFolder, tmp_path: Path) -> DataFolder:
    """Three frozen weeks to tamper with: the same content under three names, chained."""
    folder = DataFolder(tmp_path / "chain")
    content = frozen_weeks(frozen)[0]
    tables = {name: content.table(name) for name in ("values", "records")}
    for week in ("2026-W44", "2026-W45", "2026-W46"):
        put_week_in_place(folder, Week.parse(week), tables, {"as_of": datetime(2026, 11, 20)})
    return folder


def test_weeks_frozen_before_a_column_was_kept_are_read_with_nulls_in_it(frozen: DataFolder, tmp_path: Path) -> None:
    one = frozen_weeks(frozen)[0]
    older = DataFolder(tmp_path)
    tables = {name: one.table(name) for name in ("values", "catalogue", "records")}
    tables["values"] = tables["values"].drop("weeks_in_signal", "range_limit")
    put_week_in_place(older, Week.parse("2026-W45"), tables, one.manifest)
    tables = {name: one.table(name) for name in tables}
    put_week_in_place(older, WEEK, tables, one.manifest)
    with open_publication(frozen) as connection:
        known = reported(connection, frozen_weeks(older))
    by_week = known.group_by("week").agg(pl.col("weeks_in_signal").is_not_null().sum()).sort("week")
    assert by_week["weeks_in_signal"].to_list()[0] == 0
    assert by_week["weeks_in_signal"].to_list()[1] > 0
    assert restated_figures(known, tables["values"]).is_empty(), "a column that was not kept is no restatement"


def test_weeks_are_named_and_follow_one_another() -> None:
    assert str(Week.of(date(2026, 11, 15))) == "2026-W46"
    assert Week.parse("2026-W53").end == date(2027, 1, 3)
    assert str(Week.parse("2026-W53").later(1)) == "2027-W01"
    assert str(last_complete(parse_moment("2026-11-20"))) == "2026-W46"
    assert str(last_complete(parse_moment("2026-11-22"))) == "2026-W47", "Sunday is over at its last second"
    assert str(last_complete(parse_moment("2026-11-22T18:00"))) == "2026-W46"
    with pytest.raises(Failure):
        Week.parse("2025-W53")


def test_missed_weeks_are_those_after_the_first_frozen_one() -> None:
    frozen = [Week.parse("2026-W40"), Week.parse("2026-W43")]
    assert [str(week) for week in missed(frozen, Week.parse("2026-W45"))] == ["2026-W41", "2026-W42", "2026-W44"]
    assert missed([], Week.parse("2026-W45")) == []


def test_a_frozen_week_holds_every_value_of_the_periods_that_end_in_it(frozen: DataFolder) -> None:
    week = frozen_weeks(frozen)[0]
    values = week.table("values")
    with open_publication(frozen) as connection:
        published = connection.sql(
            "select * from kpi.kpi_values where period_end between date '2026-11-09' and date '2026-11-15'"
        ).pl()
    key = ["kpi", "grain", "dimension", "member"]
    assert values.select(published.columns).sort(key).equals(published.sort(key))
    assert {"rule", "centre", "assurance", "range_limit", "weeks_in_signal"} <= set(values.columns), "signals too"
    signalled = values.filter(pl.col("rule").is_not_null())
    assert signalled.height > 0
    assert signalled["weeks_in_signal"].min() == 1
    assert set(week.manifest["definition_hashes"]) == set(load_catalogue(PROJECT_ROOT))
    assert all(len(one) in (0, 64) for one in week.manifest["data_hashes"].values())
    assert all(path.stat().st_mode & 0o222 == 0 for path in week.path.iterdir())


def test_freezing_twice_does_nothing(frozen: DataFolder) -> None:
    before = frozen_weeks(frozen)[0].manifest_sha256
    report = freeze(frozen, QUIET)
    assert (report.frozen, report.already_frozen) == ((), ("2026-W46",))
    assert frozen_weeks(frozen)[0].manifest_sha256 == before


def test_a_week_that_is_not_over_is_refused(frozen: DataFolder) -> None:
    with pytest.raises(Failure, match="not over"):
        freeze(frozen, QUIET, Week.of(local_day(now())).later(1))


def test_a_week_waits_for_stale_sources_until_the_grace_period_is_over(frozen: DataFolder, tmp_path: Path) -> None:
    folder = DataFolder(tmp_path / "data")
    folder.root.mkdir()
    assert grace_days(folder) == 3
    folder.company.write_text("label: Patient\nfreeze_grace_days: 7\n", encoding="utf-8")
    assert grace_days(folder) == 7
    with open_publication(frozen) as connection:
        # As of Friday 20 November, five days after week 46.
        assert stale_sources(connection, WEEK)
        assert freeze_if_due(connection, folder, QUIET) is None
    assert frozen_weeks(folder) == []
    assert frozen_weeks(frozen)[0].manifest["is_provisional"] is True, "the grace period of three days was over"
    assert not is_overdue(folder), "a folder in which nothing was ever frozen waits for its first build"


@pytest.mark.lengthy
def test_killed_at_random_a_week_is_wholly_there_or_not_at_all(frozen: DataFolder, tmp_path: Path) -> None:
    writer = (
        "import sys; from pathlib import Path; from pipeline.settings import DataFolder;"
        "from pipeline.snapshot_files import frozen_weeks, put_week_in_place; from pipeline.snapshot_weeks import Week;"
        "one = frozen_weeks(DataFolder(Path(sys.argv[1])))[0];"
        "tables = {name: one.table(name) for name in ('values', 'catalogue', 'records', 'sources')};"
        "print('ready', flush=True);"
        "put_week_in_place(DataFolder(Path(sys.argv[2])), Week.parse('2026-W46'), tables, {});"
        "print('done', flush=True)"
    )
    chance = random.Random(46)
    outcomes = set()
    for attempt in range(8):
        folder = DataFolder(tmp_path / str(attempt))
        command = [sys.executable, "-c", writer, str(frozen.root), str(folder.root)]
        process = subprocess.Popen(command, cwd=PROJECT_ROOT, stdout=subprocess.PIPE, text=True)
        assert process.stdout is not None
        assert process.stdout.readline() == "ready\n"
        time.sleep(chance.uniform(0, 0.03))
        process.send_signal(signal.SIGKILL)
        process.wait()
        process.stdout.close()
        weeks = frozen_weeks(folder)
        outcomes.add(len(weeks))
        assert verify(folder).discrepancies == ()
        # Whatever was left, the next freeze goes through and leaves nothing behind.
        if not weeks:
            done = subprocess.run(command, cwd=PROJECT_ROOT, check=True, capture_output=True, text=True)
            assert done.stdout.endswith("done\n")
            assert verify(folder).discrepancies == ()
            assert not list((folder.root / "snapshots").glob(".*.part"))
    assert 0 in outcomes, "no attempt was killed before the week was in place: kill earlier"


def test_what_a_killed_freeze_left_does_not_stop_the_next_one(chain: DataFolder) -> None:
    snapshots = chain.root / "snapshots"
    (snapshots / ".2026-W47.part").mkdir()
    (snapshots / ".2026-W47.part" / "values.parquet").write_text("half")
    (snapshots / ".head.json.1.part").write_text("half")
    assert verify(chain).discrepancies == ()
    put_week_in_place(chain, Week.parse("2026-W47"), {}, {})
    assert verify(chain).discrepancies == ()
    assert not list(snapshots.glob(".*.part"))


def problems(folder: DataFolder) -> set[tuple[str, str, str]]:
    return {(one.week, one.file, one.problem) for one in verify(folder).discrepancies}


def test_an_intact_chain_is_verified(chain: DataFolder) -> None:
    found = verify(chain)
    assert (found.weeks, found.files, found.discrepancies) == (("2026-W44", "2026-W45", "2026-W46"), 6, ())


def test_an_altered_a_missing_and_an_added_file_are_named(chain: DataFolder, retaguarda: RunCommand) -> None:
    week = chain.root / "snapshots" / "2026-W45"
    path = week / "values.parquet"
    path.chmod(0o644)
    pl.read_parquet(path).reverse().write_parquet(path)
    (week / "records.parquet").unlink()
    (week / "notes.txt").write_text("added")
    expected = {
        ("2026-W45", "values.parquet", "altered"),
        ("2026-W45", "records.parquet", "missing"),
        ("2026-W45", "notes.txt", "added"),
    }
    assert problems(chain) == expected
    ended = retaguarda("verify", "--format", "json", data=chain.root)
    assert ended.returncode == ExitCode.FAILED
    told = json.loads(ended.stdout)
    assert told["is_intact"] is False
    assert {(one["week"], one["file"], one["problem"]) for one in told["discrepancies"]} == expected


def test_a_rewritten_manifest_breaks_the_chain(chain: DataFolder) -> None:
    manifest = chain.root / "snapshots" / "2026-W45" / "manifest.json"
    manifest.chmod(0o644)
    manifest.write_text(manifest.read_text(encoding="utf-8").replace("2026-11-20", "2026-11-21"), encoding="utf-8")
    assert ("2026-W45", "manifest.json", "altered") in problems(chain)


def test_a_missing_week_is_named_also_when_it_is_the_last(chain: DataFolder) -> None:
    shutil.rmtree(chain.root / "snapshots" / "2026-W46")
    assert problems(chain) == {("2026-W46", "", "missing")}


def test_a_week_taken_out_of_the_middle_and_weeks_exchanged_are_found(chain: DataFolder) -> None:
    snapshots = chain.root / "snapshots"
    aside = (snapshots / "2026-W44").rename(chain.root / "aside")
    assert ("2026-W45", "manifest.json", "reordered") in problems(chain)
    (snapshots / "2026-W45").rename(snapshots / "2026-W44")
    aside.rename(snapshots / "2026-W45")
    found = problems(chain)
    assert {("2026-W44", "manifest.json", "renamed"), ("2026-W45", "manifest.json", "renamed")} <= found


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
