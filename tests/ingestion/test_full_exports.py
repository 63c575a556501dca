"""Full exports: what they close, of whom, and when they lack so much that somebody must confirm it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import datetime
from pathlib import Path

import duckdb
import pytest

from ingestion.contracts import Contract, ContractError, load_contracts
from ingestion.load import load_file
from ingestion.reports import FileReport

JANUARY, FEBRUARY, MARCH = (datetime(2026, month, 1) for month in (1, 2, 3))
Suppliers = Callable[..., FileReport]


@pytest.fixture
def suppliers(store: duckdb.DuckDBPyConnection, contracts: dict[str, Contract], tmp_path: Path) -> Suppliers:
    """`suppliers({"MTZ": 10}, FEBRUARY)` loads a full export of so many suppliers of each unit."""
    contract = contracts["erp.suppliers"]
    columns = [column for column in contract.columns if column.required or column.name == "business_unit"]

    def load(
        units: Mapping[str, int], at: datetime, *, company: str = "01", first: int = 0, name: str = "",
        changed: Contract | None = None, **options: object,
    ) -> FileReport:  # fmt: skip
        lines = [contract.dialect.delimiter.join(column.header("pt_BR") for column in columns)]
        for unit, count in units.items():
            for number in range(first, first + count):
                values = {"company": company, "business_unit": unit, "active": "sim", "supplier_id": f"{unit}{number}"}
                lines.append(";".join(values.get(column.name, f"Nome {number}{name}") for column in columns))
        path = tmp_path / f"fornecedores_{at:%m%d}_{company}.csv"
        path.write_text("\n".join(lines) + "\n", encoding="utf-8")
        used = contracts | ({contract.name: changed} if changed else {})
        return load_file(store, path, used, batch_id="b", knowledge_at=at, **options)  # type: ignore[arg-type]

    return load


def current(store: duckdb.DuckDBPyConnection) -> dict[str, int]:
    return dict(
        store.execute(
            "select company || business_unit, count(*) from erp.suppliers where _valid_to is null group by 1"
        ).fetchall()
    )


def test_an_export_that_shrinks_suspiciously_is_held_and_nothing_applied(suppliers: Suppliers, store) -> None:
    suppliers({"MTZ": 100}, JANUARY)
    before = store.execute("select * from erp.suppliers order by all").fetchall()
    held = suppliers({"MTZ": 70}, FEBRUARY, name=" novo")
    assert held.state == "held"
    assert "30 of the 100 current rows of erp.suppliers" in held.message
    assert "--confirm" in held.remedy
    assert "fornecedores_0201_01.csv" in held.remedy
    assert store.execute("select * from erp.suppliers order by all").fetchall() == before
    assert store.execute("select state from load.files order by file_id").fetchall() == [("loaded",), ("held",)]
    assert store.execute("select count(*) from load.tables").fetchall() == [(1,)]
    confirmed = suppliers({"MTZ": 70}, FEBRUARY, name=" novo", is_confirmed=True)
    assert (confirmed.state, confirmed.tables[0].rows_closed, confirmed.tables[0].rows_versioned) == ("loaded", 30, 70)
    assert current(store) == {"01MTZ": 70}


@pytest.mark.parametrize(
    ("first", "second", "state"), [(100, 80, "loaded"), (100, 79, "held"), (10, 6, "loaded"), (10, 5, "held"),
                                   (4, 1, "loaded")]
)  # fmt: skip
def test_a_fifth_may_go_and_a_handful_always(suppliers: Suppliers, first: int, second: int, state: str) -> None:
    suppliers({"MTZ": first}, JANUARY)
    assert suppliers({"MTZ": second}, FEBRUARY).state == state


def test_another_key_for_every_row_is_held(suppliers: Suppliers, store) -> None:
    suppliers({"MTZ": 50}, JANUARY)
    # As many rows as before, but other ones: what a wrong export of the same size looks like.
    assert suppliers({"MTZ": 50}, FEBRUARY, first=1000).state == "held"
    assert current(store) == {"01MTZ": 50}


def test_an_empty_export_of_a_table_without_scope_is_held(
    store: duckdb.DuckDBPyConnection, contracts: dict[str, Contract], tmp_path: Path
) -> None:
    contract = contracts["organisation.companies"]
    header = ";".join(column.header("pt_BR") for column in contract.columns if column.required)
    path = tmp_path / "empresas_1.csv"
    path.write_text(f"{header}\n01;Aurora\n", encoding="utf-8")
    first = load_file(store, path, contracts, batch_id="b", table=contract.name, knowledge_at=JANUARY)
    assert first.state == "loaded", first.message
    path.write_text(f"{header}\n", encoding="utf-8")
    assert load_file(store, path, contracts, batch_id="b", table=contract.name, knowledge_at=FEBRUARY).state == "held"


def test_units_and_companies_exported_one_by_one_do_not_clash(suppliers: Suppliers, store) -> None:
    suppliers({"MTZ": 50}, MARCH)
    # Another unit and another company, with what was known earlier: neither closes nor contradicts the first.
    assert suppliers({"SUL": 30}, JANUARY).state == "loaded"
    assert suppliers({"MTZ": 20}, FEBRUARY, company="02").state == "loaded"
    assert current(store) == {"01MTZ": 50, "01SUL": 30, "02MTZ": 20}
    report = suppliers({"SUL": 28}, datetime(2026, 3, 2))
    assert (report.state, report.tables[0].rows_closed) == ("loaded", 2)
    assert current(store) == {"01MTZ": 50, "01SUL": 28, "02MTZ": 20}
    # Of the unit in the file too many are missing, although they are few of the whole table.
    assert suppliers({"SUL": 20}, datetime(2026, 3, 3)).state == "held"


def test_how_much_may_go_is_set_by_contract_and_by_company(
    suppliers: Suppliers, contracts: dict[str, Contract], store
) -> None:
    suppliers({"MTZ": 100}, JANUARY)
    lenient = replace(contracts["erp.suppliers"], maximum_shrink=0.5)
    strict = {"erp.suppliers": 0.05}
    assert suppliers({"MTZ": 60}, FEBRUARY, changed=lenient).state == "loaded"
    assert suppliers({"MTZ": 50}, MARCH, changed=lenient, maximum_shrink=strict).state == "held"


def test_a_wrong_share_or_scope_in_a_contract_is_told_with_its_line(
    contracts: dict[str, Contract], tmp_path: Path
) -> None:
    source = contracts["erp.suppliers"].path.read_text(encoding="utf-8")
    for wrong, words in (("maximum_shrink: 20", "between 0 and 1"), ("scope: [company, cidade]", '"cidade"')):
        text = source.replace("scope: [company, business_unit]", wrong, 1)
        assert text != source
        (tmp_path / "_erp__sources.yml").write_text(text, encoding="utf-8")
        with pytest.raises(ContractError, match=words):
            load_contracts(tmp_path)
