"""What Aurora sells, to whom, and how much discount is allowed: items, customers and discount policies.

Money is in cents (columns ``_brl``), as everywhere in the sample.
"""

from __future__ import annotations

from datetime import date, timedelta
from functools import cache

import numpy as np
import polars as pl

from pipeline.sample.company import COMPANY, UNITS, random_stream
from pipeline.sample.tax_numbers import cnpj

WAREHOUSES = {"MTZ": "CD-SAO", "SUL": "CD-CWB", "NE": "CD-REC", "CO": "CD-GYN"}
COUNT_CUSTOMERS = 84
NEW_LIMITS_FROM = date(2026, 1, 1)  # the policies of 2024 end on the day before
PRICE_CHANGES = (date(2025, 1, 1), date(2026, 1, 1))
PRICE_RISE = 0.045  # a year

# category: NCM, unit of measure, names from the best to the least sold, lowest and highest list price (BRL)
_RANGES: dict[str, tuple[str, str, tuple[str, ...], tuple[float, float]]] = {
    "Bebidas": (
        "22021000", "FD",
        ("Refrigerante cola 2 L", "Água mineral 500 ml", "Suco de uva 1 L", "Suco de laranja 1 L", "Chá gelado 300 ml",
         "Energético 250 ml", "Água de coco 200 ml", "Refrigerante limão 350 ml", "Água tônica 350 ml"),
        (28.0, 96.0),
    ),
    "Mercearia": (
        "10063021", "CX",
        ("Arroz tipo 1 5 kg", "Feijão carioca 1 kg", "Açúcar cristal 1 kg", "Café torrado 500 g", "Óleo de soja 900 ml",
         "Farinha de trigo 1 kg", "Macarrão espaguete 500 g", "Molho de tomate 340 g", "Sal refinado 1 kg",
         "Biscoito maisena 400 g", "Milho verde 170 g"),
        (60.0, 185.0),
    ),
    "Limpeza": (
        "34022000", "CX",
        ("Sabão em pó 1,6 kg", "Detergente neutro 500 ml", "Água sanitária 2 L", "Amaciante 2 L", "Desinfetante 1 L",
         "Esponja multiúso", "Saco de lixo 50 L", "Limpador perfumado 1 L", "Álcool 70 1 L"),
        (35.0, 140.0),
    ),
    "Higiene": (
        "33051000", "CX",
        ("Papel higiênico 12 rolos", "Sabonete 90 g", "Creme dental 90 g", "Xampu 325 ml", "Desodorante 150 ml",
         "Absorvente 8 un.", "Fralda tamanho M", "Algodão 50 g"),
        (70.0, 260.0),
    ),
    "Descartáveis": (
        "39241000", "CX",
        ("Copo plástico 200 ml", "Guardanapo 24 cm", "Prato descartável 21 cm", "Marmitex nº 8", "Filme de PVC 28 cm",
         "Canudo de papel", "Touca descartável", "Luva descartável M"),
        (40.0, 150.0),
    ),
}  # fmt: skip
_CLASS_BY_RANK = ("A", "A", "B", "B", "B")  # the best sold of each category; the others are C

_CITIES = {
    "MTZ": (("São Paulo", "SP", "3550308"), ("Campinas", "SP", "3509502"), ("Santos", "SP", "3548500"),
            ("Belo Horizonte", "MG", "3106200")),
    "SUL": (("Curitiba", "PR", "4106902"), ("Londrina", "PR", "4113700"), ("Joinville", "SC", "4209102"),
            ("Porto Alegre", "RS", "4314902")),
    "NE": (("Recife", "PE", "2611606"), ("Olinda", "PE", "2609600"), ("João Pessoa", "PB", "2507507"),
           ("Maceió", "AL", "2704302")),
    "CO": (("Goiânia", "GO", "5208707"), ("Anápolis", "GO", "5201108"), ("Brasília", "DF", "5300108"),
           ("Cuiabá", "MT", "5103403")),
}  # fmt: skip
_NAMES = (
    "Bom Preço", "Santa Rita", "Dois Irmãos", "Primavera", "Central", "São José", "Nova Era", "Flor do Campo",
    "Estação", "Avenida", "Pão de Mel", "Monte Alto", "Rio Claro", "Sabor da Terra", "Bela Mesa", "Girassol",
    "Porto Seguro", "Imperial", "Família Souza", "Bandeirante", "Litoral",
)  # fmt: skip
_TRADES = {
    "Varejo": ("Supermercado", "Mercearia", "Empório"),
    "Atacado": ("Atacadista", "Distribuidora"),
    "Food service": ("Restaurante", "Padaria", "Refeições Coletivas"),
    "Governo": ("Fundo Municipal de Educação", "Hospital Municipal"),
}
_TERMS = {"Varejo": (28,), "Atacado": (28, 56), "Food service": (21,), "Governo": (45,)}

# customer group, item category, limit in percent; blank is every group or category; the narrowest prevails
_LIMITS_UNTIL_2025 = (
    (None, None, 2.0), ("Varejo", None, 5.0), ("Atacado", None, 10.0), ("Food service", None, 8.0),
    ("Governo", None, 3.0), ("Atacado", "Bebidas", 7.0), ("Varejo", "Limpeza", 8.0),
)  # fmt: skip
_LIMITS_FROM_2026 = (
    (None, None, 2.0), ("Varejo", None, 6.0), ("Atacado", None, 8.0), ("Food service", None, 8.0),
    ("Governo", None, 3.0), ("Atacado", "Bebidas", 6.0), ("Varejo", "Limpeza", 8.0),
)  # fmt: skip


@cache
def items_truth() -> pl.DataFrame:
    """One row an item: the contract's columns as of 2024 plus ``weight`` (its share of the lines sold)."""
    stream = random_stream("sales_items")
    rows = []
    for category, (ncm, unit_of_measure, names, (lowest, highest)) in _RANGES.items():
        for rank, name in enumerate(names):
            abc_class = _CLASS_BY_RANK[rank] if rank < len(_CLASS_BY_RANK) else "C"
            price = round(float(stream.uniform(lowest, highest)) * 10) * 10
            rows.append(
                {
                    "company": COMPANY,
                    "business_unit": "MTZ",
                    "item_id": f"P{len(rows) + 1001}",
                    "description": name,
                    "category": category,
                    "abc_class": abc_class,
                    "unit_of_measure": unit_of_measure,
                    "tax_classification": ncm,
                    "unit_cost_brl": round(price * float(stream.uniform(0.66, 0.76))),
                    "list_price_brl": price,
                    "active": True,
                    "weight": {"A": 6.0, "B": 1.8, "C": 0.55}[abc_class],
                }
            )
    return pl.DataFrame(rows)


@cache
def customers_truth() -> pl.DataFrame:
    """One row a customer: id, name, CNPJ, address, unit that serves it, group, payment terms in days, since when.

    ``tax_id`` is formatted (12.345.678/0001-95); ``city_code`` is the IBGE code; ``weight`` its share of the orders.
    """
    stream = random_stream("sales_customers")
    rows = []
    for number in range(1, COUNT_CUSTOMERS + 1):
        unit = UNITS[(0, 1, 0, 2, 0, 1, 3)[number % 7]]
        group = ("Varejo", "Atacado", "Varejo", "Food service", "Varejo", "Food service", "Varejo")[number % 7]
        if number % 21 == 10:
            group = "Governo"
        city, state, code = _CITIES[unit][int(stream.choice(4, p=(0.5, 0.2, 0.15, 0.15)))]
        trade = _TRADES[group][number % len(_TRADES[group])]
        form = "" if group == "Governo" else (" Ltda", " ME", " S.A.", " EPP")[number % 4]
        name = f"{trade} {'de ' + city if group == 'Governo' else _NAMES[number % len(_NAMES)]}{form}"
        rows.append(
            {
                "company": COMPANY,
                "business_unit": unit,
                "customer_id": f"K{number:03d}",
                "name": name,
                "tax_id": cnpj(stream, alphanumeric=number in (80, 82)),
                "customer_group": group,
                "street": f"Rua {_NAMES[(number * 5) % len(_NAMES)]}",
                "street_number": str(int(stream.integers(10, 2900))),
                "postcode": f"{int(stream.integers(10_000_000, 89_999_999)):08d}",
                "city": city,
                "city_code": code,
                "state": state,
                "terms": list(_TERMS[group]),
                "created_date": date(2026, 7, 6) + timedelta(days=number - 79)
                if number >= 79
                else date(2019, 2, 4) + timedelta(days=int(stream.integers(0, 1800))),
                "weight": float(1.0 / (1.0 + (number - 1) // 7) ** 0.6),
            }
        )
    return pl.DataFrame(rows)


@cache
def discount_policies_truth() -> pl.DataFrame:
    """One row a policy, in the contract's columns; limits in percent, ``valid_to`` blank while in force."""
    rows = [
        {"policy_id": f"D{year}-{position + 1}", "customer_group": group, "item_category": category,
         "limit_percent": limit, "valid_from": first, "valid_to": last}
        for year, first, last, limits in (
            (2024, date(2024, 1, 1), NEW_LIMITS_FROM - timedelta(days=1), _LIMITS_UNTIL_2025),
            (2026, NEW_LIMITS_FROM, None, _LIMITS_FROM_2026),
        )
        for position, (group, category, limit) in enumerate(limits)
    ]  # fmt: skip
    frame = pl.DataFrame(rows, schema_overrides={"valid_to": pl.Date}, infer_schema_length=None)
    who = (pl.lit(COMPANY).alias("company"), pl.lit("MTZ").alias("business_unit"))
    return frame.select(*who, *frame.columns)


def limit_percent(group: str, category: str, day: date) -> float:
    """The limit in force on an order date: the policy of the group and category, else of the group, else of all."""
    limits = _LIMITS_FROM_2026 if day >= NEW_LIMITS_FROM else _LIMITS_UNTIL_2025
    found = {(one, other): limit for one, other, limit in limits}
    return found.get((group, category), found.get((group, None), found[None, None]))


def price_level(days: np.ndarray) -> np.ndarray:
    """Factor on the prices and costs of 2024 on each day (``datetime64[D]``): they rise every January."""
    changes = np.array(PRICE_CHANGES, dtype="datetime64[D]")
    return (1 + PRICE_RISE) ** np.searchsorted(changes, days, side="right")


def items_known(day: date) -> pl.DataFrame:
    """The full item export of a day, with that day's prices; one item is given up in August 2026."""
    factor = float(price_level(np.array([day], dtype="datetime64[D]"))[0])
    return (
        items_truth()
        .drop("weight")
        .with_columns(
            (pl.col("unit_cost_brl", "list_price_brl") * factor).round().cast(pl.Int64),
            active=(pl.col("item_id") != "P1045") | (day < date(2026, 8, 1)),
        )
    )


def discount_policies_known(day: date) -> pl.DataFrame:
    """The full policy export of a day: those written by then, whose end is set when the next ones are."""
    is_written = pl.col("valid_from") <= day
    end = pl.when(pl.col("valid_to") < day).then("valid_to").otherwise(None)
    return discount_policies_truth().filter(is_written).with_columns(valid_to=end)
