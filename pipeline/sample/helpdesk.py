"""Tickets of the internal desks, in business time, with the Simpson reversal of October 2026.

From 2026-W41 the head office moves: facilities, the slowest desk, gets six times its tickets while **every** desk
meets its targets more often than in September. The total falls all the same.
"""

from __future__ import annotations

from datetime import date

import numpy as np
import polars as pl

from pipeline.sample.company import (
    AS_OF,
    COMPANY,
    OFFICE_MOVE_END,
    OFFICE_MOVE_START,
    UNITS,
    random_stream,
)
from pipeline.sample.working_time import BusinessClock, even_arrivals

DESKS = ("TI", "RH", "Financeiro", "Facilities")
WEEKLY_TICKETS = {"TI": 24.0, "RH": 8.0, "Financeiro": 13.0, "Facilities": 8.0}
MOVE_FACTOR = 6.0
# Share of tickets within target, by desk: before and from the reversal on.
MET_BEFORE = {"TI": 0.935, "RH": 0.88, "Financeiro": 0.91, "Facilities": 0.60}
MET_AFTER = {"TI": 0.97, "RH": 0.95, "Financeiro": 0.96, "Facilities": 0.66}
REVERSAL_MONTHS = ("2026-09", "2026-10", "2026-11")  # here the shares are exact, not drawn
PRIORITIES = ("Urgente", "Alta", "Normal", "Baixa")
PRIORITY_SHARES = (0.07, 0.22, 0.55, 0.16)
TARGET_MINUTES = {"Urgente": 240, "Alta": 480, "Normal": 1440, "Baixa": 2400}
WAITING_SHARE = 0.16
REOPENED_SHARE = 0.03
CANCELLED_SHARE = 0.012

_UNIT_SHARES = (0.46, 0.22, 0.18, 0.14)
_CATEGORIES = {
    "TI": ("Acesso e senha", "Equipamento", "Sistema ERP", "Rede"),
    "RH": ("Folha", "Benefícios", "Férias"),
    "Financeiro": ("Reembolso", "Adiantamento", "Boleto"),
    "Facilities": ("Mudança de sala", "Ar-condicionado", "Limpeza", "Chaves e crachás"),
}


def _arrivals(stream: np.random.Generator) -> tuple[np.ndarray, np.ndarray]:
    """Desk and day of every ticket, sorted by day."""
    desks, days = [], []
    for desk in DESKS:
        usual = even_arrivals(stream, WEEKLY_TICKETS[desk])
        if desk == "Facilities":
            extra = even_arrivals(stream, WEEKLY_TICKETS[desk] * (MOVE_FACTOR - 1), first=OFFICE_MOVE_START)
            usual = np.concatenate([usual, extra[extra <= np.datetime64(OFFICE_MOVE_END, "D")]])
        days.append(usual)
        desks.append(np.full(len(usual), desk))
    day = np.concatenate(days)
    order = np.argsort(day, kind="stable")
    return np.concatenate(desks)[order], day[order]


def _met(stream: np.random.Generator, desk: np.ndarray, due_month: np.ndarray) -> np.ndarray:
    """Whether each ticket keeps its target: drawn by chance, but in exact proportion in the reversal's months."""
    is_after = due_month >= "2026-10"
    share = np.select(
        [(desk == name) & is_after for name in DESKS] + [desk == name for name in DESKS],
        [MET_AFTER[name] for name in DESKS] + [MET_BEFORE[name] for name in DESKS],
    )
    met = stream.random(len(desk)) < share
    for month in REVERSAL_MONTHS:
        for name in DESKS:
            rows = stream.permutation(np.flatnonzero((desk == name) & (due_month == month)))
            met[rows] = np.arange(len(rows)) < round(float(share[rows[0]]) * len(rows))
    return met


def tickets_truth() -> pl.DataFrame:
    """One row a ticket with everything that will happen to it; instants are local, null where it never happens."""
    stream = random_stream("helpdesk")
    clock = BusinessClock()
    desk, day = _arrivals(stream)
    count = len(day)
    seconds = stream.integers(8 * 3600 + 1200, 17 * 3600 + 1800, count)
    opened = day.astype("datetime64[s]") + seconds.astype("timedelta64[s]")
    start = clock.minutes(opened)
    priority = stream.choice(PRIORITIES, size=count, p=PRIORITY_SHARES)
    target = np.select([priority == name for name in PRIORITIES], [TARGET_MINUTES[name] for name in PRIORITIES])
    # a ticket falls due when it is solved or its target runs out: about half the target after its opening
    due_month = clock.instants(start + target * 0.5).astype("datetime64[M]").astype(str)
    met = _met(stream, desk, due_month)

    worked = target * np.where(met, 0.04 + 0.86 * stream.beta(1.6, 2.4, count), 1.12 + stream.gamma(1.2, 0.45, count))
    reply = np.minimum(worked * 0.8, 4 + stream.gamma(1.3, 58.0, count) * np.where(desk == "Facilities", 1.15, 1.0))
    waits = (stream.random(count) < WAITING_SHARE) & (worked > 45)
    waiting = np.where(waits, stream.integers(50, 700, count), 0)
    wait_start = reply + 2 + (worked - reply - 3) * stream.uniform(0.1, 0.8, count)
    resolved = worked + waiting
    cancelled = stream.random(count) < CANCELLED_SHARE
    reopened = (stream.random(count) < REOPENED_SHARE) & ~waits & (worked > 90)
    category_number = stream.integers(0, 12, count)
    return pl.DataFrame(
        {
            "company": np.full(count, COMPANY),
            "business_unit": stream.choice(UNITS, size=count, p=_UNIT_SHARES),
            "ticket_id": [f"CH{value:05d}" for value in range(20_000, 20_000 + count)],
            "desk": desk,
            "category": [
                _CATEGORIES[name][i % len(_CATEGORIES[name])]
                for name, i in zip(desk.tolist(), category_number.tolist(), strict=True)
            ],
            "priority": priority,
            "requester": np.char.add("colab", stream.integers(100, 420, count).astype(str)),
            "opened_at": opened.astype("datetime64[ms]"),
            "first_reply_at": clock.instants(start + reply),
            "resolved_at": clock.instants(start + resolved),
            "waiting_started_at": clock.instants(start + wait_start),
            "waiting_ended_at": clock.instants(start + wait_start + waiting),
            "reopened_at": clock.instants(start + worked * 0.9),
            "waits": waits,
            "is_cancelled": cancelled,
            "is_reopened": reopened,
        }
    ).sort("opened_at", "ticket_id")


def tickets_known(truth: pl.DataFrame, day: date) -> pl.DataFrame:
    """The tickets opened up to the end of that day, in the state that they had then."""
    day = min(day, AS_OF)

    def happened(column: str) -> pl.Expr:
        return pl.col(column).dt.date() <= day

    is_resolved = happened("resolved_at") & ~pl.col("is_cancelled")
    is_waiting = pl.col("waits") & happened("waiting_started_at") & ~happened("waiting_ended_at")
    closed_by = pl.col("resolved_at").dt.date() + pl.duration(days=5)
    return truth.filter(happened("opened_at")).select(
        "company",
        "business_unit",
        "ticket_id",
        "desk",
        "category",
        "priority",
        "requester",
        "opened_at",
        pl.when(happened("first_reply_at")).then("first_reply_at").alias("first_reply_at"),
        pl.when(is_resolved).then("resolved_at").alias("resolved_at"),
        (pl.col("is_reopened") & is_resolved).cast(pl.Int64).alias("count_reopened"),
        pl.when(pl.col("is_cancelled") & happened("resolved_at"))
        .then(pl.lit("Cancelado"))
        .when(is_resolved & (closed_by <= day))
        .then(pl.lit("Fechado"))
        .when(is_resolved)
        .then(pl.lit("Resolvido"))
        .when(is_waiting)
        .then(pl.lit("Aguardando"))
        .otherwise(pl.lit("Aberto"))
        .alias("status"),
    )


def ticket_events_known(truth: pl.DataFrame, day: date) -> pl.DataFrame:
    """Waiting and reopening events up to the end of that day."""
    parts = [
        truth.filter(pl.col(condition) & (pl.col(column).dt.date() <= day)).select(
            "company", "business_unit", "ticket_id", pl.col(column).alias("event_at"), pl.lit(event).alias("event")
        )
        for condition, column, event in (
            ("waits", "waiting_started_at", "Aguardando solicitante"),
            ("waits", "waiting_ended_at", "Fim da espera"),
            ("is_reopened", "reopened_at", "Reaberto"),
        )
    ]
    return pl.concat(parts).sort("event_at", "ticket_id")
