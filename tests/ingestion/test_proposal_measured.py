"""How often a proposal is right: on real files, and on the sample's exports with their headers renamed and shuffled.

`python -m pytest -s tests/ingestion/test_proposal_measured.py` prints the shares; the floors are a little below them.
"""

from __future__ import annotations

import csv
import random
import unicodedata
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from ingestion.contracts import Contract, fold
from ingestion.headers import match_headers
from ingestion.mapping import load_mapping
from ingestion.proposal import Choices, propose
from ingestion.readers.text import decode
from tests.ingestion.own_headers import SEEN, UNSEEN, Export
from tests.ingestion.test_realdata import MAPPINGS, NORTHWIND, PORTAL, REALDATA

SAMPLE = Path(__file__).parents[2] / "data" / "sample" / "2026-11-20"
SEEDS = (1, 2, 3)
ROWS = 400
SHORT = {
    "data": "dt", "valor": "vlr", "codigo": "cod", "numero": "nr", "documento": "doc", "fornecedor": "forn",
    "vencimento": "venc", "pagamento": "pgto", "emissao": "emis", "unidade": "unid", "cliente": "cli", "parcela": "parc",
    "quantidade": "qtd", "descricao": "descr", "situacao": "sit", "empresa": "emp", "recebimento": "receb",
    "lancamento": "lanc", "conta": "cta", "produto": "prod", "projeto": "proj",
}  # fmt: skip
# The tables that a person would choose for Northwind's files, and the columns that are there.
NORTHWIND_TRUTH = {
    "orders.csv": ("erp.orders", {"orderID": "order_id", "customerID": "customer_id", "orderDate": "entered_at",
                                  "requiredDate": "promised_date"}),
    "order-details.csv": ("erp.order_lines", {"orderID": "order_id", "productID": "item_id", "discount": "discount_percent",
                                              "unitPrice": "list_price_brl", "quantity": "quantity"}),
    "products.csv": ("erp.items", {"productID": "item_id", "productName": "description", "categoryID": "category",
                                   "unitPrice": "list_price_brl"}),
    "suppliers.csv": ("erp.suppliers", {"supplierID": "supplier_id", "companyName": "name", "address": "address"}),
    "customers.csv": ("erp.customers", {"customerID": "customer_id", "companyName": "name", "city": "city"}),
}  # fmt: skip
# Portal da Transparência has no contract of ours: the mappings of the tests say what stands in for what.
PORTAL_TRUTH = {
    "20250101_Despesas_Empenho.csv": "portal_commitments.yml",
    "20250101_Despesas_ItemEmpenho.csv": "portal_items.yml",
    "20250101_Despesas_ItemEmpenhoHistorico.csv": "portal_item_history.yml",
    "20250101_Despesas_Liquidacao.csv": "portal_settled_suppliers.yml",
    "20250101_Despesas_Pagamento.csv": "portal_payments.yml",
}


@dataclass
class Score:
    """Columns that are there, found, and proposed wrongly; tables right and tried."""

    columns: int = 0
    right: int = 0
    wrong: int = 0
    tables: int = 0
    tables_right: int = 0
    misses: list[str] = field(default_factory=list)

    def add(self, name: str, truth: dict[str, str], proposed: dict[str, str]) -> None:
        self.columns += len(truth)
        self.right += sum(proposed.get(header) == column for header, column in truth.items())
        self.wrong += sum(truth.get(header) != column for header, column in proposed.items())
        self.misses += [f"{name}: {header} is {column}, proposed {proposed.get(header)}"
                        for header, column in truth.items() if proposed.get(header) != column]  # fmt: skip

    def told(self, title: str) -> str:
        tables = f"tables {self.tables_right}/{self.tables}, " if self.tables else ""
        return f"{title}: {tables}columns {self.right}/{self.columns} ({self.right / self.columns:.1%}), wrong {self.wrong}"


def renamed(header: str, other: str, chance: random.Random) -> str:
    """A header as another system might write it: the other language's, abbreviated, in capitals, with a typing error."""
    plain = "".join(mark for mark in unicodedata.normalize("NFKD", header) if not unicodedata.combining(mark))
    words = plain.replace("/", " ").replace(".", " ").split()
    kind = chance.randrange(6)
    if kind == 0:
        return other
    if kind == 1:
        return "_".join(
            SHORT.get(word.lower(), word.lower()) for word in words if word.lower() not in ("de", "do", "da")
        )
    if kind == 2:
        return "_".join(word.upper() for word in words)
    if kind == 3:
        return words[0].lower() + "".join(word.capitalize() for word in words[1:])
    if kind == 4 and len(plain) > 5:
        at = chance.randrange(1, len(plain) - 2)
        return plain[:at] + plain[at + 1] + plain[at] + plain[at + 2 :]
    return " ".join(
        SHORT.get(word.lower(), word).capitalize() + ("." if word.lower() in SHORT else "") for word in words
    )


def rewritten(path: Path, contract: Contract, seed: int, folder: Path) -> tuple[Path, dict[str, str]]:
    """A copy of an export with other headers in another order, and which column each of them is."""
    chance = random.Random(f"{path.name}-{seed}")
    text, _ = decode(path.read_bytes())
    rows = list(csv.reader(text.splitlines(), delimiter=contract.dialect.delimiter))
    match = match_headers(contract, rows[0], None, path)
    names: dict[str, str | None] = {}
    for header, column in zip(match.headers, match.columns, strict=True):
        others = contract.column(column).headers["en"] if column else (header,)
        name = renamed(header, chance.choice(others), chance)
        while fold(name) in {fold(known) for known in names}:
            name += " 2"
        names[name] = column
    order = list(range(len(names)))
    chance.shuffle(order)
    target = folder / f"export_{seed}.csv"
    with target.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, delimiter=chance.choice([";", ",", "\t"]))
        for row in [list(names), *(row for row in rows[1:ROWS] if len(row) == len(names))]:
            writer.writerow([row[place] for place in order])
    return target, {name: column for name, column in names.items() if column is not None}


@pytest.mark.lengthy
def test_sample_exports_with_other_headers_in_another_order(tmp_path: Path, contracts: dict[str, Contract]) -> None:
    score = Score()
    seen: set[str] = set()
    for path in sorted(SAMPLE.glob("*.csv")):
        named = [each for each in contracts.values() if any(path.match(glob) for glob in each.files)]
        if len(named) != 1 or named[0].name in seen:
            continue
        contract = named[0]
        seen.add(contract.name)
        for seed in SEEDS:
            target, truth = rewritten(path, contract, seed, tmp_path)
            proposal = propose(target, contracts)
            score.tables += 1
            score.tables_right += proposal.contract.name == contract.name
            if proposal.contract.name != contract.name:
                score.misses.append(f"{path.name}: {contract.name}, proposed {proposal.ranking[:3]}")
                proposal = propose(target, contracts, Choices(table=contract.name))
            score.add(f"{contract.name} {seed}", truth, dict(proposal.mapping.columns))
    print("", *score.misses, score.told("Sample, renamed and shuffled"), sep="\n")
    assert len(seen) >= 10
    assert score.tables_right / score.tables >= 0.9
    assert score.right / score.columns >= 0.9
    assert score.wrong / score.columns <= 0.05


@pytest.mark.skipif(not REALDATA.is_dir(), reason="the real samples are not here")
def test_northwind(contracts: dict[str, Contract]) -> None:
    score = Score()
    for name, (table, truth) in NORTHWIND_TRUTH.items():
        proposal = propose(NORTHWIND / name, contracts)
        score.tables += 1
        score.tables_right += proposal.contract.name == table
        score.add(name, truth, dict(propose(NORTHWIND / name, contracts, Choices(table=table)).mapping.columns))
    print("", *score.misses, score.told("Northwind"), sep="\n")
    assert score.tables_right == score.tables
    assert score.right / score.columns >= 0.9


@pytest.mark.skipif(not REALDATA.is_dir(), reason="the real samples are not here")
def test_portal_da_transparencia(contracts: dict[str, Contract]) -> None:
    score = Score()
    for name, file in PORTAL_TRUTH.items():
        mapping = load_mapping(MAPPINGS / file, contracts)
        proposal = propose(PORTAL / name, contracts, Choices(table=mapping.table, date_format="dd/mm/yyyy"))
        score.add(name, dict(mapping.columns), dict(proposal.mapping.columns))
    print("", *score.misses, score.told("Portal da Transparência"), sep="\n")
    assert score.right / score.columns >= 0.3


@pytest.mark.parametrize(
    ("title", "exports", "tables", "columns"),
    [("Written by hand, seen", SEEN, 6, 0.9), ("Written by hand, not seen", UNSEEN, 4, 0.7)],
)
def test_exports_with_headers_written_by_hand(
    tmp_path: Path, contracts: dict[str, Contract], title: str, exports: dict[str, Export], tables: int, columns: float
) -> None:
    score = Score()
    for table, (headers, rows) in exports.items():
        path = tmp_path / "arquivo.csv"
        path.write_text("\n".join(";".join(row) for row in [list(headers), *rows]) + "\n", encoding="utf-8")
        proposal = propose(path, contracts)
        score.tables += 1
        score.tables_right += proposal.contract.name == table
        if proposal.contract.name != table:
            score.misses.append(f"{table}: proposed {proposal.ranking[:2]}")
            proposal = propose(path, contracts, Choices(table=table))
        truth = {header: column for header, column in headers.items() if column is not None}
        score.add(table, truth, dict(proposal.mapping.columns))
    print("", *score.misses, score.told(title), sep="\n")
    assert score.tables_right >= tables
    assert score.right / score.columns >= columns
