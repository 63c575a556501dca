"""Six projects with planned and realised flows: one with two rates of return, one with none, one far over budget."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import numpy as np
import polars as pl

from pipeline.sample.company import AS_OF, COMPANY, random_stream


@dataclass(frozen=True)
class Stretch:
    """Equal monthly flows: from a first month, so many months, so much a month (R$), cost or benefit."""

    first: date
    months: int
    amount: int
    nature: str
    realised_factor: float = 1.0
    noise: float = 0.06


@dataclass(frozen=True)
class Project:
    """A project as approved, and the stretches of its plan."""

    project_id: str
    unit: str
    name: str
    approved: date
    amount: int
    rate: float
    horizon: date
    status: str
    plan: tuple[Stretch, ...]


PROJECTS = (
    Project(
        "P-001", "MTZ", "Energia solar no centro de distribuição", date(2024, 7, 15), 1_200_000, 0.12,
        date(2030, 12, 31), "Concluído",
        (Stretch(date(2024, 8, 20), 4, 290_000, "Custo"), Stretch(date(2025, 1, 20), 72, 31_500, "Benefício")),
    ),
    Project(
        "P-002", "NE", "Roteirização de entregas", date(2025, 2, 10), 380_000, 0.13, date(2028, 7, 31), "Em andamento",
        (Stretch(date(2025, 3, 14), 3, 122_000, "Custo"), Stretch(date(2025, 8, 14), 36, 15_500, "Benefício")),
    ),
    Project(
        "P-003", "MTZ", "Novo ERP", date(2025, 9, 1), 900_000, 0.12, date(2031, 9, 30), "Em andamento",
        (
            Stretch(date(2025, 10, 10), 12, 75_000, "Custo", realised_factor=1.55),
            Stretch(date(2026, 10, 13), 60, 31_000, "Benefício", realised_factor=0.4),
        ),
    ),
    # −1.0 M, +2.6 M, −1.65 M at intervals of exactly 365 days: net present value is zero at 10 % and at 50 %.
    Project(
        "P-004", "CO", "Galpão temporário com desmobilização", date(2025, 2, 20), 1_000_000, 0.12,
        date(2027, 3, 31), "Em andamento",
        (
            Stretch(date(2025, 3, 3), 1, 1_000_000, "Custo", noise=0.0),
            Stretch(date(2026, 3, 3), 1, 2_600_000, "Benefício", noise=0.0),
            Stretch(date(2027, 3, 3), 1, 1_650_000, "Custo", noise=0.0),
        ),
    ),
    Project(
        "P-005", "MTZ", "Adequação à LGPD", date(2025, 5, 12), 260_000, 0.12, date(2026, 12, 31), "Em andamento",
        (Stretch(date(2025, 6, 16), 13, 19_000, "Custo"),),
    ),
    Project(
        "P-006", "SUL", "Automação da separação", date(2026, 4, 1), 1_500_000, 0.13, date(2031, 12, 31), "Aprovado",
        (Stretch(date(2026, 5, 18), 6, 246_000, "Custo", noise=0.03),
         Stretch(date(2027, 1, 18), 60, 46_000, "Benefício")),
    ),
)  # fmt: skip


def _month_later(day: date, months: int) -> date:
    year, month = divmod(day.month - 1 + months, 12)
    return day.replace(year=day.year + year, month=month + 1)


def projects_known(day: date) -> pl.DataFrame:
    """The full export of the projects approved by that day (money in cents)."""
    rows = [
        {
            "company": COMPANY,
            "business_unit": project.unit,
            "project_id": project.project_id,
            "name": project.name,
            "approved_date": project.approved,
            "approved_amount_brl": project.amount * 100,
            "annual_discount_rate": project.rate,
            "horizon_date": project.horizon,
            "status": project.status,
        }
        for project in PROJECTS
        if project.approved <= day
    ]
    return pl.DataFrame(rows)


def flows_truth() -> pl.DataFrame:
    """Every planned flow, and the realised ones up to the as-of date; ``known_from`` is when the row exists."""
    stream = random_stream("investments")
    rows = []
    for project in PROJECTS:
        number = 0
        for stretch in project.plan:
            draws = 1 + stretch.noise * np.clip(stream.standard_normal(stretch.months), -2, 2)
            for month in range(stretch.months):
                number += 1
                day = _month_later(stretch.first, month)
                row = {
                    "company": COMPANY,
                    "business_unit": project.unit,
                    "flow_id": f"{project.project_id}-P{number:03d}",
                    "project_id": project.project_id,
                    "flow_date": day,
                    "amount_brl": stretch.amount * 100,
                    "scenario": "Planejado",
                    "nature": stretch.nature,
                    "known_from": project.approved,
                }
                rows.append(row)
                if day <= AS_OF:
                    realised = round(stretch.amount * stretch.realised_factor * float(draws[month]) * 100)
                    rows.append(
                        row
                        | {
                            "flow_id": f"{project.project_id}-R{number:03d}",
                            "amount_brl": realised,
                            "scenario": "Realizado",
                            "known_from": day,
                        }
                    )
    return pl.DataFrame(rows)


def flows_known(truth: pl.DataFrame, day: date) -> pl.DataFrame:
    """The flows entered up to that day: plans from their approval, realised ones from their date."""
    return truth.filter(pl.col("known_from") <= day).drop("known_from").sort("flow_id")
