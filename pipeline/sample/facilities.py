"""Preventive maintenance and inspections of buildings and equipment.

From June 2026 the maintenance of the unit CO slips: most of it is done weeks late, some of it not at all.
"""

from __future__ import annotations

from datetime import date, timedelta
from functools import cache

import polars as pl

from pipeline.sample.company import AS_OF, COMPANY, FIRST_DAY, random_stream

SLIP_UNIT, SLIP_START = "CO", date(2026, 6, 1)
# class: days between two, how many in the head office, in another unit
_CLASSES = {
    "Empilhadeira": (30, 4, 2),
    "Câmara fria": (30, 2, 2),
    "Gerador": (90, 2, 1),
    "Ar-condicionado": (90, 4, 2),
    "Veículo": (60, 5, 3),
    "Elevador de carga": (30, 2, 1),
}
_SUBJECTS = (("Extintores", 365), ("AVCB", 365), ("Caldeira (NR-13)", 180), ("Para-raios", 365), ("Hidrantes", 180),
             ("Potabilidade da água", 90), ("Elevador", 180))  # fmt: skip


@cache
def maintenance_truth() -> pl.DataFrame:
    """One row a due date of an equipment, with the day on which it was done (null: never)."""
    stream = random_stream("maintenance")
    rows: list[dict[str, object]] = []
    for unit in ("MTZ", "SUL", "NE", "CO"):
        for name, (interval, in_head_office, elsewhere) in _CLASSES.items():
            for number in range(in_head_office if unit == "MTZ" else elsewhere):
                due = FIRST_DAY + timedelta(days=int(stream.integers(0, interval)))
                while due <= AS_OF + timedelta(days=21):
                    is_slipping = unit == SLIP_UNIT and due >= SLIP_START
                    draw = stream.random()
                    late = int(stream.integers(14, 50)) if draw < (0.62 if is_slipping else 0.05) else 0
                    grace = interval // 10
                    done = due + timedelta(days=late or int(stream.integers(-grace, grace + 1)))
                    is_skipped = stream.random() < (0.15 if is_slipping else 0.015)
                    rows.append(
                        {
                            "company": COMPANY,
                            "business_unit": unit,
                            "order_id": "",
                            "asset": f"{name} {unit}-{number + 1:02d}",
                            "asset_class": name,
                            "interval_days": interval,
                            "due_date": due,
                            "done_date": None if is_skipped else done,
                        }
                    )
                    due += timedelta(days=interval)
    numbered = pl.DataFrame(rows, infer_schema_length=None).sort("due_date", "asset")
    return numbered.with_columns(pl.format("OS{}", pl.int_range(pl.len()) + 10_001).alias("order_id"))


def maintenance_known(day: date) -> pl.DataFrame:
    """The orders due within 21 days of that day or before, as they stood then."""
    is_done = pl.col("done_date") <= day
    is_given_up = pl.col("done_date").is_null() & (pl.col("due_date") + pl.duration(days=30) <= day)
    return (
        maintenance_truth()
        .filter(pl.col("due_date") <= day + timedelta(days=21))
        .with_columns(
            pl.when(is_done).then("done_date").alias("done_date"),
            pl.when(is_done)
            .then(pl.lit("Realizada"))
            .when(is_given_up)
            .then(pl.lit("Não realizada"))
            .otherwise(pl.lit("Aberta"))
            .alias("status"),
        )
    )


@cache
def inspections_truth() -> pl.DataFrame:
    """One row an inspection with its due date; one in twelve is late, one in thirty is failed."""
    stream = random_stream("inspections")
    rows: list[dict[str, object]] = []
    for unit in ("MTZ", "SUL", "NE", "CO"):
        for subject, interval in _SUBJECTS:
            due = FIRST_DAY + timedelta(days=int(stream.integers(0, min(interval, 180))))
            while due <= AS_OF + timedelta(days=60):
                late = stream.random() < 0.08
                result = str(stream.choice(("Aprovado", "Aprovado com ressalvas", "Reprovado"), p=(0.86, 0.11, 0.03)))
                rows.append(
                    {
                        "company": COMPANY,
                        "business_unit": unit,
                        "inspection_id": f"IN-{len(rows) + 1:04d}",
                        "subject": subject,
                        "place": f"Unidade {unit}",
                        "due_date": due,
                        "done_date": due + timedelta(days=int(stream.integers(2, 40)) * (1 if late else -1)),
                        "result": result,
                        "cancelled": False,
                    }
                )
                due += timedelta(days=interval)
    return pl.DataFrame(rows).sort("due_date", "inspection_id")


def inspections_known(day: date) -> pl.DataFrame:
    """The inspections due within 60 days of that day or before, as they stood then."""
    is_done = pl.col("done_date") <= day
    return (
        inspections_truth()
        .filter(pl.col("due_date") <= day + timedelta(days=60))
        .with_columns(pl.when(is_done).then(name).alias(name) for name in ("done_date", "result"))
    )
