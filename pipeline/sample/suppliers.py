"""The supplier master: a full export at every knowledge date."""

from __future__ import annotations

from datetime import date, timedelta

import numpy as np
import polars as pl

from pipeline.sample.company import COMPANY, UNITS, random_stream
from pipeline.sample.tax_numbers import cnpj, cpf

COUNT_SUPPLIERS = 120
CATEGORIES = ("Mercadorias", "Fretes", "Serviços", "Energia e água", "Tecnologia", "Manutenção")
CATEGORY_SHARES = (0.46, 0.20, 0.14, 0.06, 0.07, 0.07)
# F0120 is a second registration of F0007: registered in 2025, cleaned up (deleted) before the export of 2026-10-31.
DELETED_SUPPLIER = "F0120"
DELETED_BEFORE = date(2026, 10, 31)
LEGAL_CHANGE = date(2026, 7, 1)  # alphanumeric CNPJs exist from here

_FIRST = (
    "Bela Vista", "São João", "Três Irmãos", "Estrela do Sul", "Horizonte", "Vale Verde", "Águia", "Novo Mundo",
    "Paranaguá", "Ipê Amarelo", "Conceição", "Serra Azul", "Boa Esperança", "Capibaribe", "Cerrado", "Araucária",
    "Pérola", "União", "Progresso", "Santa Fé",
)  # fmt: skip
_TRADE = {
    "Mercadorias": ("Alimentos", "Indústria de Embalagens", "Bebidas", "Comércio Atacadista"),
    "Fretes": ("Transportes", "Logística", "Transportadora"),
    "Serviços": ("Serviços Contábeis", "Limpeza e Conservação", "Segurança Patrimonial", "Comunicação"),
    "Energia e água": ("Energia", "Saneamento"),
    "Tecnologia": ("Informática", "Soluções Digitais", "Telecomunicações"),
    "Manutenção": ("Manutenção Predial", "Refrigeração", "Peças e Serviços"),
}
_PEOPLE = (
    "João Batista de Araújo", "Conceição Moura", "Antônio Gonçalves", "Inês Falcão", "José Márcio Simão",
    "Cátia Brandão", "Otávio Leão", "Luíza Calçada",
)  # fmt: skip
_STATES = {"MTZ": "SP", "SUL": "PR", "NE": "PE", "CO": "GO"}


def supplier_truth() -> pl.DataFrame:
    """One row a supplier: the contract's columns plus ``trade`` (spend category) and ``gone_from`` (deleted)."""
    stream = random_stream("suppliers")
    rows = []
    for number in range(1, COUNT_SUPPLIERS + 1):
        trade = str(stream.choice(CATEGORIES, p=CATEGORY_SHARES))
        unit = str(stream.choice(UNITS, p=(0.4, 0.26, 0.2, 0.14)))
        is_person = number % 15 == 0 and number != COUNT_SUPPLIERS
        is_new = number in (113, 114, 115, 116, 117, 118)
        created = date(2019, 1, 7) + timedelta(days=int(stream.integers(0, 1900)))
        if is_new:
            created = LEGAL_CHANGE + timedelta(days=6 + 12 * (number - 113))
        kinds = _TRADE[trade]
        form = ("Ltda", "S.A.", "ME", "EPP")[number % 4]
        name = f"{_FIRST[number % len(_FIRST)]} {kinds[number % len(kinds)]} {form}"
        tax_id = cnpj(stream, alphanumeric=is_new and number != 118, wrong=number in (23, 58, 91))
        if is_person:
            name, tax_id = _PEOPLE[number // 15 - 1], cpf(stream, wrong=number == 60)
        if number == 77:
            tax_id = None
        reviewed = max(created, date(2024, 1, 8) + timedelta(days=int(stream.integers(0, 700))))
        rows.append(
            {
                "company": COMPANY,
                "business_unit": unit,
                "supplier_id": f"F{number:04d}",
                "name": name,
                "tax_id": tax_id,
                "state": _STATES[unit],
                "address": f"Rua {_FIRST[(number * 7) % len(_FIRST)]}, {int(stream.integers(10, 2900))}",
                "bank_account": f"{stream.choice(['001', '237', '341', '104'])} {int(stream.integers(100, 9999)):04d} "
                f"{int(stream.integers(10_000, 99_999))}-{int(stream.integers(0, 10))}",
                "created_date": created,
                "reviewed_date": reviewed,
                "active": number not in (36, 81, 104),
                "trade": trade,
                "gone_from": None,
            }
        )
    rows[-1] |= {
        "name": rows[6]["name"].upper(),
        "tax_id": rows[6]["tax_id"],
        "created_date": date(2025, 3, 10),
        "reviewed_date": None,
        "gone_from": DELETED_BEFORE,
    }
    return pl.DataFrame(rows, schema_overrides={"gone_from": pl.Date}, infer_schema_length=None)


def suppliers_known(truth: pl.DataFrame, day: date) -> pl.DataFrame:
    """The full supplier export as it was on a day: registered, not deleted, reviewed up to then.

    A fifth of the suppliers is reviewed again every year, and two change their bank account in August 2026.
    """
    number = pl.col("supplier_id").str.slice(1).cast(pl.Int32)
    second_review = pl.date(day.year, 1 + (number % 12).cast(pl.Int8), 10)
    changed_account = (number == 12) | (number == 49)
    return (
        truth.filter(pl.col("created_date") <= day, pl.col("gone_from").is_null() | (pl.col("gone_from") > day))
        .with_columns(
            reviewed_date=pl.when((number % 5 == day.year % 5) & (second_review <= day))
            .then(pl.max_horizontal("reviewed_date", second_review))
            .when(pl.col("reviewed_date") <= day)
            .then(pl.col("reviewed_date"))
            .otherwise(pl.col("created_date")),
            bank_account=pl.when(changed_account & (day >= date(2026, 8, 15)))
            .then(pl.lit("260 0001 7654321-0"))
            .otherwise(pl.col("bank_account")),
        )
        .drop("trade", "gone_from")
        .sort("supplier_id")
    )


def choose_suppliers(stream: np.random.Generator, truth: pl.DataFrame, days: np.ndarray) -> np.ndarray:
    """Row numbers of the suppliers of invoices issued on those days: registered by then, few large, many small."""
    weights = 1.0 / (1.0 + np.arange(truth.height)) ** 0.35
    weights[-1] = 0.0  # the second registration never got an invoice
    created = truth["created_date"].to_numpy().astype("datetime64[D]")
    chosen = stream.choice(truth.height, size=len(days), p=weights / weights.sum())
    too_early = created[chosen] > days
    chosen[too_early] = stream.integers(0, 100, int(too_early.sum()))
    return chosen
