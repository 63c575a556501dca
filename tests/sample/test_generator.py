"""The generator: the same bytes every time, the committed files are its output, and the dirt is where it should be."""

from __future__ import annotations

import hashlib
from datetime import date
from pathlib import Path

import polars as pl
import pytest
from validate_docbr import CNPJ, CPF

from ingestion.contracts import fold, load_contracts
from pipeline.sample import dirt
from pipeline.sample.__main__ import write_sample
from pipeline.sample.company import AS_OF, FIRST_DAY, KNOWLEDGE_DATES, REGISTER_DATES
from pipeline.sample.files import sample_files
from pipeline.sample.headers import ENGLISH, OTHER_PORTUGUESE, PORTUGUESE
from pipeline.sample.helpdesk import tickets_truth
from pipeline.sample.investments import PROJECTS
from pipeline.sample.journal import journal_known, journal_truth
from pipeline.sample.suppliers import DELETED_SUPPLIER, supplier_truth, suppliers_known
from pipeline.sample.working_time import BusinessClock, bank_holidays

ROOT = Path(__file__).resolve().parents[2]
SAMPLE = ROOT / "data" / "sample"
# Everything else in the folder is generated; the frozen weeks are made from builds of it.
HAND_WRITTEN = ("STORIES.md", "mappings", "snapshots")


def digests(folder: Path) -> dict[str, str]:
    return {
        path.relative_to(folder).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in folder.rglob("*")
        if path.is_file() and path.relative_to(folder).parts[0] not in HAND_WRITTEN
    }


@pytest.fixture(scope="module")
def fresh(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("sample")
    write_sample(folder)
    return folder


def test_committed_files_are_a_fresh_generation(fresh: Path) -> None:
    assert digests(SAMPLE) == digests(fresh)


def test_two_generations_are_the_same_bytes(fresh: Path) -> None:
    again = {f"{file.day}/{file.name}": hashlib.sha256(file.content).hexdigest() for file in sample_files()}
    first = digests(fresh)
    first.pop("company.yml")
    assert again == first


def test_the_sample_stays_small() -> None:
    assert sum(path.stat().st_size for path in SAMPLE.rglob("*") if path.is_file()) < 14_000_000


def test_every_folder_is_a_knowledge_date() -> None:
    folders = {path.name for path in SAMPLE.iterdir() if path.is_dir() and path.name not in HAND_WRITTEN}
    assert folders == {day.isoformat() for day in (*REGISTER_DATES, *KNOWLEDGE_DATES)}


def test_every_header_is_known_to_its_contract() -> None:
    contracts = {name.split(".")[1]: contract for name, contract in load_contracts(ROOT).items()}
    for language in (PORTUGUESE, OTHER_PORTUGUESE, ENGLISH):
        for table, headers in language.items():
            columns = {column.name: column for column in contracts[table].columns}
            for column, header in headers.items():
                known = {fold(text) for texts in columns[column].headers.values() for text in texts}
                assert fold(header) in known, f"{table}.{column}: {header}"


@pytest.mark.parametrize(
    ("name", "encoding"),
    [
        ("2026-10-31/contas_a_pagar_2026_10_31.csv", "utf-8-sig"),
        ("2026-10-31/contas_a_pagar_SUL_2026_10_31.csv", "cp1252"),
        ("2026-10-31/chamados_2026_10_31.csv", "utf-8"),
        ("2026-10-31/lancamentos_2026_10_31.csv", "cp1252"),
    ],
)
def test_encodings_are_mixed(name: str, encoding: str) -> None:
    content = (SAMPLE / name).read_bytes()
    assert content.startswith(b"\xef\xbb\xbf") == (encoding == "utf-8-sig")
    if encoding == "cp1252":
        with pytest.raises(UnicodeDecodeError):
            content.decode("utf-8")
    assert any(letter in content.decode(encoding) for letter in "çãõéí")


@pytest.mark.parametrize("name", sorted(dirt.BAD_ROWS))
def test_bad_rows_are_in_their_files(name: str) -> None:
    text = decoded(next(SAMPLE.rglob(name)))
    for bad in dirt.BAD_ROWS[name]:
        assert text.count(bad.line) == 1, bad.problem


def test_duplicates_and_contradictions_are_in_their_files() -> None:
    for name, count in dirt.DUPLICATED_ROWS.items():
        lines = decoded(next(SAMPLE.rglob(name))).splitlines()
        assert len(lines) - len(set(lines)) == count
    for name, count in dirt.CONTRADICTED_ROWS.items():
        lines = [line.split(";") for line in decoded(next(SAMPLE.rglob(name))).splitlines()]
        keys = [(line[0], *line[2:5]) for line in lines]
        assert len(keys) - len(set(keys)) == count


def test_the_error_page_and_the_file_delivered_twice() -> None:
    assert (SAMPLE / "2026-11-20" / dirt.ERROR_PAGE_NAME).read_bytes().startswith(b"<!DOCTYPE html>")
    first, second = (next(SAMPLE.rglob(name)) for name in dirt.FILE_TWICE)
    assert first.read_bytes() == second.read_bytes()


def test_money_is_written_with_and_without_thousands_points() -> None:
    assert "1.320,00" not in decoded(SAMPLE / "2026-10-31" / "contas_a_pagar_SUL_2026_10_31.csv")
    head_office = decoded(SAMPLE / "2026-10-31" / "contas_a_pagar_2026_10_31.csv")
    assert any(field.count(".") == 1 and "," in field for field in head_office.split(";"))
    assert ";  " not in head_office
    assert "   ;" in head_office, "no trailing spaces"


def test_tax_numbers_are_right_but_for_the_planted_ones() -> None:
    numbers = supplier_truth()["tax_id"].to_list()
    valid = [CPF().validate(n) if n and len(n) == 14 else CNPJ().validate(n or "") for n in numbers]
    assert valid.count(False) == 5  # three CNPJs, one CPF, one missing
    alphanumeric = [n for n in numbers if n and any(letter.isalpha() for letter in n)]
    assert len(alphanumeric) == 5
    assert all(CNPJ().validate(n) for n in alphanumeric)


def test_a_supplier_is_deleted_by_a_full_export() -> None:
    truth = supplier_truth()
    known = {day: suppliers_known(truth, day)["supplier_id"].to_list() for day in KNOWLEDGE_DATES}
    assert DELETED_SUPPLIER in known[date(2026, 9, 30)]
    assert DELETED_SUPPLIER not in known[date(2026, 10, 31)]


def test_the_ambiguous_project_is_worth_nothing_at_two_rates() -> None:
    project = next(project for project in PROJECTS if project.project_id == "P-004")
    signs = {"Custo": -1, "Benefício": 1}
    first = project.plan[0].first
    for rate in (0.10, 0.50):
        flows = [signs[s.nature] * s.amount / (1 + rate) ** ((s.first - first).days / 365) for s in project.plan]
        assert sum(flows) == pytest.approx(0, abs=1e-6)


def test_business_minutes_skip_nights_weekends_and_holidays() -> None:
    clock = BusinessClock()
    instants = pl.Series(["2026-11-13 16:00:00", "2026-11-16 16:00:00"]).str.to_datetime(time_unit="ms").to_numpy()
    friday, monday = clock.minutes(instants.astype("datetime64[s]"))
    assert monday - friday == 480
    assert (clock.instants(clock.minutes(instants.astype("datetime64[s]"))) == instants).all()


def test_late_reversals_restate_weeks_already_shown() -> None:
    truth = journal_truth()
    reversed_by = {
        day: journal_known(truth, day)
        .filter(pl.col("correction_reason").str.starts_with("De-para"))["entry_id"]
        .n_unique()
        for day in (date(2026, 9, 30), date(2026, 10, 31), date(2026, 11, 20))
    }
    assert 0 < reversed_by[date(2026, 9, 30)] < reversed_by[date(2026, 10, 31)]
    assert reversed_by[date(2026, 10, 31)] == reversed_by[date(2026, 11, 20)]


def test_nothing_happens_on_a_bank_holiday_or_outside_the_period() -> None:
    opened = tickets_truth()["opened_at"].dt.date()
    assert opened.min() >= FIRST_DAY
    assert opened.max() <= AS_OF
    assert not set(opened.to_list()) & set(bank_holidays().tolist())


def decoded(path: Path) -> str:
    """The text of a sample file: byte-order mark, else UTF-8, else cp1252."""
    content = path.read_bytes()
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError:
        return content.decode("cp1252")
