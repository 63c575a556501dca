"""Contracts, lawsuits and compliance actions of the legal department.

Fourteen transport contracts end on 31 January 2027 and want 60 days of notice: the day that counts is 2 December 2026.
The tax case T-0007 becomes *provável* on 15 September 2026, which the export of 30 September tells.
"""

from __future__ import annotations

from datetime import date, timedelta
from functools import cache

import numpy as np
import polars as pl

from pipeline.sample.company import AS_OF, COMPANY, FIRST_DAY, UNITS, random_stream
from pipeline.sample.tax_numbers import cnpj, cpf

NOTICE_END, NOTICE_DAYS, NOTICE_CONTRACTS = date(2027, 1, 31), 60, 14
GRAVE_CASE, GRAVE_AMOUNT, GRAVE_DAY = "T-0007", 240_000_000, date(2026, 9, 15)
_UNIT_SHARES = (0.5, 0.2, 0.17, 0.13)
_KINDS = ("Transporte", "Locação", "Tecnologia", "Prestação de serviços", "Fornecimento")
_NAMES = ("Rio Claro", "Planalto", "Maré Alta", "Jatobá", "Monte Alegre", "Sertão", "Aurélia", "Paraíso", "São Caetano")
_SUBJECTS = ("LGPD", "NR-12", "Licença ambiental", "Auditoria interna", "eSocial", "Corpo de Bombeiros")
_ACTIONS = ("Atualizar inventário", "Renovar licença", "Treinar responsáveis", "Revisar política", "Enviar relatório")


@cache
def contracts_truth() -> pl.DataFrame:
    """One row a contract, about three a fortnight, and those that were in force when the data begin."""
    stream = random_stream("contracts")
    rows: list[dict[str, object]] = []
    first = FIRST_DAY - timedelta(days=500)
    for offset in np.sort(stream.integers(0, (AS_OF - first).days, 300)).tolist():
        requested = first + timedelta(days=offset)
        signed = requested + timedelta(days=int(3 + stream.gamma(2.0, 9.0)))
        start = signed + timedelta(days=int(stream.integers(0, 15)))
        months = int(stream.choice((6, 12, 24, 36, 0), p=(0.12, 0.45, 0.22, 0.09, 0.12)))
        end = start + timedelta(days=round(months * 30.44) - 1) if months else None
        rows.append(_contract(stream, str(stream.choice(_KINDS)), requested, signed, start, end))
    for number in range(NOTICE_CONTRACTS):
        requested = date(2025, 1, 6) + timedelta(days=number % 5)
        signed = requested + timedelta(days=14 + number % 6)
        rows.append(_contract(stream, "Transporte", requested, signed, date(2025, 2, 1), NOTICE_END))
        rows[-1] |= {"notice_days": NOTICE_DAYS, "gives_up": False, "terminated_date": None}
    numbered = pl.DataFrame(rows, infer_schema_length=None).sort("requested_date", "title", "value_brl")
    return numbered.with_columns(
        pl.format("CT-{}", (pl.int_range(pl.len()) + 1).cast(pl.String).str.zfill(4)).alias("contract_id")
    )


def _contract(
    stream: np.random.Generator, kind: str, requested: date, signed: date, start: date, end: date | None
) -> dict[str, object]:
    is_person = stream.random() < 0.08
    name = f"{stream.choice(_NAMES)} {kind} Ltda" if not is_person else f"Maria {stream.choice(_NAMES)}"
    last = end or date(2030, 1, 1)
    is_ended_early = stream.random() < 0.05 and (last - start).days > 100
    return {
        "company": COMPANY,
        "business_unit": str(stream.choice(UNITS, p=_UNIT_SHARES)),
        "contract_id": "",
        "title": f"{kind} {int(stream.integers(1, 90))}",
        "kind": kind,
        "counterparty": name,
        "counterparty_tax_id": cpf(stream) if is_person else cnpj(stream),
        "requested_date": requested,
        "signed_date": signed,
        "start_date": start,
        "end_date": end,
        "notice_days": int(stream.choice((30, 60, 90, 0), p=(0.5, 0.25, 0.15, 0.1))) if end else None,
        "value_brl": int(np.exp(stream.normal(11.3, 1.1))) * 100,
        "terminated_date": start + timedelta(days=int(stream.integers(60, 100))) if is_ended_early else None,
        "gives_up": bool(stream.random() < 0.06),
    }


def contracts_known(day: date) -> pl.DataFrame:
    """The contracts asked for up to that day, as they stood then; those given up are cancelled on the day that would
    have been their signature."""

    def happened(column: str) -> pl.Expr:
        return pl.col(column) <= day

    is_signed = happened("signed_date") & ~pl.col("gives_up")
    is_over = is_signed & (pl.col("end_date") < day)
    return (
        contracts_truth()
        .filter(happened("requested_date") & (pl.col("end_date").is_null() | (pl.col("end_date") >= FIRST_DAY)))
        .with_columns(
            *(pl.when(is_signed).then(name).alias(name) for name in ("signed_date", "start_date", "end_date")),
            pl.when(is_signed & happened("terminated_date")).then("terminated_date").alias("terminated_date"),
            pl.when(pl.col("gives_up") & happened("signed_date"))
            .then(pl.lit("Cancelado"))
            .when(is_signed & happened("terminated_date"))
            .then(pl.lit("Rescindido"))
            .when(is_over)
            .then(pl.lit("Encerrado"))
            .when(is_signed)
            .then(pl.lit("Vigente"))
            .otherwise(pl.lit("Em negociação"))
            .alias("status"),
        )
        .drop("gives_up")
    )


@cache
def lawsuit_classes() -> pl.DataFrame:
    """One row a lawsuit and class that it had: ``class_changed_date`` is its first day."""
    stream = random_stream("lawsuits")
    rows: list[dict[str, object]] = []
    plans = (("Trabalhista", "R", 46, 10.9), ("Cível", "C", 22, 11.4), ("Tributária", "T", 12, 13.0))
    for nature, letter, count, size in plans:
        for number in range(1, count + 1):
            filed = date(2022, 3, 1) + timedelta(days=int(stream.integers(0, 1650)))
            closed = filed + timedelta(days=int(250 + stream.gamma(2.5, 260)))
            case = {
                "company": COMPANY,
                "business_unit": str(stream.choice(UNITS, p=_UNIT_SHARES)),
                "lawsuit_id": f"{letter}-{number:04d}",
                "plaintiff": f"Reclamante {letter}{number}" if nature != "Tributária" else "Fazenda Pública",
                "nature": nature,
                "filed_date": filed,
            }
            amount = int(np.exp(stream.normal(size, 0.8))) * 100
            stages = [("Remota", filed), ("Possível", filed + timedelta(days=int(stream.integers(60, 400))))]
            if stream.random() < 0.45:
                stages = stages[1:]
                stages[0] = ("Possível", filed)
            if stream.random() < 0.3:
                stages.append(("Provável", stages[-1][1] + timedelta(days=int(stream.integers(90, 500)))))
            if case["lawsuit_id"] == GRAVE_CASE:
                filed = date(2023, 5, 8)
                case |= {"business_unit": "MTZ", "filed_date": filed}
                amount, closed = GRAVE_AMOUNT, date(2031, 1, 1)
                stages = [("Possível", filed), ("Provável", GRAVE_DAY)]
            rows += [
                case | {"class": name, "class_changed_date": day, "amount_brl": amount, "closed_date": closed}
                for name, day in stages
                if day < closed
            ]
    return pl.DataFrame(rows).sort("filed_date", "lawsuit_id", "class_changed_date")


def lawsuits_known(day: date) -> pl.DataFrame:
    """Each lawsuit filed by that day, in the class that it had then: the exports one after the other are its history."""
    current = (
        lawsuit_classes()
        .filter((pl.col("class_changed_date") <= day) & (pl.col("closed_date") >= FIRST_DAY))
        .group_by("lawsuit_id", maintain_order=True)
        .last()
    )
    columns = lawsuit_classes().columns
    return current.select(columns).with_columns(
        pl.when(pl.col("closed_date") <= day).then("closed_date").alias("closed_date")
    )


@cache
def compliance_truth() -> pl.DataFrame:
    """One row an action with its due date; about one in ten is done late."""
    stream = random_stream("compliance")
    rows: list[dict[str, object]] = []
    for offset in np.sort(stream.integers(0, (AS_OF - FIRST_DAY).days + 60, 230)).tolist():
        due = FIRST_DAY + timedelta(days=offset)
        late = stream.random() < 0.11
        done = due + timedelta(days=int(stream.integers(1, 45)) if late else -int(stream.integers(0, 20)))
        rows.append(
            {
                "company": COMPANY,
                "business_unit": str(stream.choice(UNITS, p=_UNIT_SHARES)),
                "action_id": f"AC-{len(rows) + 1:04d}",
                "title": str(stream.choice(_ACTIONS)),
                "subject": str(stream.choice(_SUBJECTS)),
                "responsible": f"colab{int(stream.integers(100, 140))}",
                "due_date": due,
                "done_date": done,
                "cancelled": bool(stream.random() < 0.02),
            }
        )
    return pl.DataFrame(rows)


def compliance_known(day: date) -> pl.DataFrame:
    """The actions that fall due within 60 days of that day or before, done or not."""
    return (
        compliance_truth()
        .filter(pl.col("due_date") <= day + timedelta(days=60))
        .with_columns(pl.when(pl.col("done_date") <= day).then("done_date").alias("done_date"))
    )
