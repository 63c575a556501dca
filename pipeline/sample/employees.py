"""Employments and vacancies: 180 places in four units, who left them, and how they were filled again.

From May 2026 people leave the unit NE five times as often as before, most of them at their own wish.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache

import numpy as np
import polars as pl

from pipeline.sample.company import AS_OF, COMPANY, FIRST_DAY, random_stream
from pipeline.sample.tax_numbers import cpf

TURNOVER_UNIT, TURNOVER_START = "NE", date(2026, 5, 1)
TURNOVER_FACTOR = 5.0
MONTHLY_LEAVERS = 0.017  # of a unit's people, usually
# Recorded as a dismissal first, corrected in the export of 2026-10-31.
CORRECTED_LEAVING = (date(2026, 9, 30), date(2026, 10, 31))
# Places by unit and department; CO's administration is too small to be shown in a survey.
PLACES = {
    "MTZ": {"Logística": 24, "Comercial": 20, "Administrativo": 12, "Financeiro": 14, "TI": 10},
    "SUL": {"Logística": 20, "Comercial": 14, "Administrativo": 6},
    "NE": {"Logística": 18, "Comercial": 11, "Administrativo": 5},
    "CO": {"Logística": 14, "Comercial": 8, "Administrativo": 4},
}
POSITIONS = {
    "Logística": ("Auxiliar de Armazém", "Conferente", "Motorista", "Operador de Empilhadeira"),
    "Comercial": ("Vendedor Interno", "Representante de Vendas", "Assistente Comercial"),
    "Administrativo": ("Assistente Administrativo", "Recepcionista", "Auxiliar de Serviços"),
    "Financeiro": ("Analista Financeiro", "Analista Contábil", "Assistente de Contas a Pagar"),
    "TI": ("Analista de Suporte", "Desenvolvedor", "Analista de Infraestrutura"),
}
_CENTRES = {"Logística": "2010", "Comercial": "3010", "Administrativo": "1010", "Financeiro": "1020", "TI": "1030"}
_GIVEN = ("Ana", "Bruno", "Carla", "Diego", "Elisa", "Fábio", "Graça", "Hélio", "Iara", "João", "Kátia", "Luís",
          "Márcia", "Nilton", "Olívia", "Paulo", "Rita", "Sérgio", "Tânia", "Vítor")  # fmt: skip
_FAMILY = ("Almeida", "Brandão", "Cordeiro", "Duarte", "Esteves", "Falcão", "Guimarães", "Honório", "Izidoro",
           "Junqueira", "Lacerda", "Magalhães", "Novaes", "Orçati", "Pinheirão", "Queirós", "Rabelo", "Salomão")  # fmt: skip
_LEAVING = ("Pedido de demissão", "Dispensa sem justa causa", "Término de contrato", "Acordo", "Aposentadoria")
_LEAVING_SHARES = (0.42, 0.38, 0.10, 0.06, 0.04)
_LEAVING_SHARES_STORY = (0.80, 0.14, 0.03, 0.03, 0.0)


@dataclass(frozen=True)
class _Place:
    unit: str
    department: str
    kind: str = "CLT"


def _places() -> list[_Place]:
    places = [
        _Place(unit, department, "CLT" if number or unit == "CO" else "Aprendiz")
        for unit, departments in PLACES.items()
        for department, count in departments.items()
        for number in range(count)
    ]
    interns = [_Place(unit, "Comercial", "Estagiário") for unit in ("MTZ", "MTZ", "SUL", "NE")]
    return places + interns + [_Place("MTZ", "TI", "PJ")] * 3


@cache
def people_truth() -> tuple[pl.DataFrame, pl.DataFrame]:
    """Employments and requisitions with everything that will happen to them, in the columns of their contracts."""
    stream = random_stream("people")
    employees: list[dict[str, object]] = []
    requisitions: list[dict[str, object]] = []
    for place in _places():
        admission = date(2013, 2, 4) + timedelta(days=int(4100 * stream.beta(2.2, 1.1)))
        while admission <= AS_OF:
            leaving = _leaving_date(stream, place, max(admission, FIRST_DAY))
            employees.append(_employee(stream, place, admission, leaving, len(employees)))
            if leaving is None:
                break
            if place.kind in ("Estagiário", "PJ"):
                admission = leaving + timedelta(days=int(stream.integers(20, 60)))
                continue
            accepted = _requisition(stream, place, leaving, requisitions)
            admission = accepted + timedelta(days=int(stream.integers(10, 32)))
    people = pl.DataFrame(employees, infer_schema_length=None).sort("admission_date", "name")
    people = people.with_columns(pl.format("{}", pl.int_range(pl.len()) + 1001).alias("employee_id"))
    vacancies = pl.DataFrame(requisitions, infer_schema_length=None).sort("requested_date", "business_unit", "position")
    number = (pl.int_range(pl.len()) + 301).cast(pl.String).str.zfill(4)
    return people, vacancies.with_columns(pl.format("V-{}", number).alias("requisition_id"))


def _leaving_date(stream: np.random.Generator, place: _Place, first: date) -> date | None:
    """The day on which who sits there leaves, drawn month by month; None if not by the as-of date."""
    month = first
    while month <= AS_OF:
        chance = MONTHLY_LEAVERS
        if place.unit == TURNOVER_UNIT and month >= TURNOVER_START:
            chance *= TURNOVER_FACTOR
        if stream.random() < chance:
            day = month + timedelta(days=int(stream.integers(0, 28)))
            return day if day <= AS_OF else None
        month += timedelta(days=30)
    return None


def _employee(
    stream: np.random.Generator, place: _Place, admission: date, leaving: date | None, number: int
) -> dict[str, object]:
    is_story = place.unit == TURNOVER_UNIT and leaving is not None and leaving >= TURNOVER_START
    kind = str(stream.choice(_LEAVING, p=_LEAVING_SHARES_STORY if is_story else _LEAVING_SHARES))
    hours = {"Aprendiz": 20.0, "Estagiário": 30.0}.get(place.kind, 44.0 if place.department == "Logística" else 40.0)
    positions = POSITIONS[place.department]
    return {
        "company": COMPANY,
        "business_unit": place.unit,
        "employee_id": "",
        "name": f"{_GIVEN[int(stream.integers(len(_GIVEN)))]} {_FAMILY[int(stream.integers(len(_FAMILY)))]} "
        f"{_FAMILY[number % len(_FAMILY)]}",
        "tax_id": cpf(stream),
        "department": place.department,
        "position": str(stream.choice(positions)) if place.kind == "CLT" else place.kind,
        "cost_centre": _CENTRES[place.department],
        "employment_kind": place.kind,
        "admission_date": admission,
        "leaving_date": leaving,
        "leaving_kind": kind if leaving else None,
        "weekly_hours": hours,
    }


def _requisition(
    stream: np.random.Generator, place: _Place, leaving: date, requisitions: list[dict[str, object]]
) -> date:
    """Ask for a successor, sometimes twice; returns the day of the acceptance."""
    requested = leaving + timedelta(days=int(stream.integers(1, 9)))
    while True:
        approved = requested + timedelta(days=int(stream.integers(2, 12)))
        days = int(6 + stream.gamma(3.2, 15.0 if place.department == "TI" else 8.5))
        end = approved + timedelta(days=days)
        is_cancelled = stream.random() < 0.09
        requisitions.append(
            {
                "company": COMPANY,
                "business_unit": place.unit,
                "requisition_id": "",
                "department": place.department,
                "position": str(stream.choice(POSITIONS[place.department])),
                "requested_date": requested,
                "approved_date": approved,
                "accepted_date": None if is_cancelled else end,
                "cancelled_date": end if is_cancelled else None,
            }
        )
        if not is_cancelled:
            return end
        requested = end + timedelta(days=int(stream.integers(5, 25)))


def employees_known(day: date) -> pl.DataFrame:
    """The full export of that day: everybody admitted by then; who leaves later has not left yet."""
    people = people_truth()[0].filter(pl.col("admission_date") <= day)
    has_left = pl.col("leaving_date") <= day
    # one leaving in ten of the last quarter before was first recorded as a dismissal
    is_mistaken = pl.col("leaving_date").is_between(date(2026, 7, 1), CORRECTED_LEAVING[0]) & (
        pl.col("employee_id").str.slice(-1).is_in(["3", "7"])
    )
    leaving_kind = pl.when(is_mistaken & (day < CORRECTED_LEAVING[1])).then(pl.lit("Sem justa causa")).otherwise(
        pl.col("leaving_kind")
    )  # fmt: skip
    return people.with_columns(
        pl.when(has_left).then("leaving_date").alias("leaving_date"),
        pl.when(has_left).then(leaving_kind).alias("leaving_kind"),
    )


def requisitions_known(day: date) -> pl.DataFrame:
    """The requisitions asked for up to that day, in the state that they had then."""

    def happened(column: str) -> pl.Expr:
        return pl.col(column) <= day

    return (
        people_truth()[1]
        .filter(happened("requested_date"))
        .with_columns(
            *(
                pl.when(happened(name)).then(name).alias(name)
                for name in ("approved_date", "accepted_date", "cancelled_date")
            ),
            pl.when(happened("cancelled_date"))
            .then(pl.lit("Cancelada"))
            .when(happened("accepted_date"))
            .then(pl.lit("Preenchida"))
            .when(happened("approved_date"))
            .then(pl.lit("Aberta"))
            .otherwise(pl.lit("Em aprovação"))
            .alias("status"),
        )
    )
