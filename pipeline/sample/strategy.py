"""Objectives, key results and fortnightly check-ins of ten quarterly cycles, 2024-T3 to 2026-T4."""

from __future__ import annotations

from datetime import date, timedelta

import numpy as np
import polars as pl

from pipeline.sample.company import AS_OF, COMPANY, random_stream
from pipeline.sample.objectives import CURRENT_CYCLE, CYCLES, OBJECTIVES, ObjectivePlan


def cycle_dates(cycle: str) -> tuple[date, date]:
    """First and last day of a cycle such as 2026-T4."""
    year, quarter = int(cycle[:4]), int(cycle[-1])
    first = date(year, 3 * quarter - 2, 1)
    last = date(year + quarter // 4, 3 * quarter % 12 + 1, 1) - timedelta(days=1)
    return first, last


def _objective_id(cycle: str, plan: ObjectivePlan) -> str:
    return f"O-{cycle[2:4]}{cycle[-2:]}-{plan.code}"


def objectives_known(day: date) -> pl.DataFrame:
    """The full export of the objectives of every cycle begun by that day."""
    rows = []
    for cycle in CYCLES:
        first, last = cycle_dates(cycle)
        rows += [
            {
                "company": COMPANY,
                "business_unit": plan.unit,
                "objective_id": _objective_id(cycle, plan),
                "title": plan.title,
                "owner": plan.owner,
                "cycle": cycle,
                "cycle_start_date": first,
                "cycle_end_date": last,
                "weight": plan.weight,
            }
            for plan in OBJECTIVES
            if first <= day and plan.runs_in(cycle)
        ]
    return pl.DataFrame(rows)


def key_results_known(day: date) -> pl.DataFrame:
    """The full export of the key results of every cycle begun by that day."""
    rows = []
    for cycle in CYCLES:
        for plan in OBJECTIVES:
            if cycle_dates(cycle)[0] > day or not plan.runs_in(cycle):
                continue
            objective_id = _objective_id(cycle, plan)
            rows += [
                {
                    "company": COMPANY,
                    "business_unit": plan.unit,
                    "key_result_id": f"{objective_id}-KR{number}",
                    "objective_id": objective_id,
                    "title": result.title,
                    "ambition": result.ambition,
                    "weight": result.weight,
                    "start_value": float(result.start),
                    "target_value": float(result.target),
                    "unit": result.unit,
                    "kpi": result.kpi,
                    "kpi_business_unit": result.kpi_unit,
                }
                for number, result in enumerate(plan.results, 1)
            ]
    return pl.DataFrame(rows, infer_schema_length=None)


def check_ins_truth() -> pl.DataFrame:
    """One row a check-in: every second Monday of the cycle; values approach the outcome with small steps back."""
    stream = random_stream("strategy")
    rows = []
    for cycle in CYCLES:
        first, last = cycle_dates(cycle)
        monday = first + timedelta(days=(7 - first.weekday()) % 7)
        days = [monday + timedelta(days=14 * step) for step in range(7)]
        for plan in OBJECTIVES:
            if not plan.runs_in(cycle):
                continue
            usual = stream.normal(0.86, 0.14)
            for number, result in enumerate(plan.results, 1):
                if result.kpi:
                    continue
                outcome = float(np.clip(usual + stream.normal(0, 0.07), 0.35, 1.1))
                steps = stream.normal(0, 0.02, len(days))
                if cycle == CURRENT_CYCLE:
                    outcome = plan.current_pace
                for day, step in zip(days, steps, strict=True):
                    if day > min(last, AS_OF):
                        continue
                    elapsed = ((day - first).days + 1) / ((last - first).days + 1)
                    progress = max(0.0, outcome * elapsed + float(step) * (0.4 if cycle == CURRENT_CYCLE else 1.0))
                    value = result.start + (result.target - result.start) * progress
                    rows.append(
                        {
                            "company": COMPANY,
                            "business_unit": plan.unit,
                            "key_result_id": f"{_objective_id(cycle, plan)}-KR{number}",
                            "check_in_date": day,
                            "value": round(value, 2),
                            "confidence": round(float(np.clip(outcome + step * 2, 0.1, 0.95)), 1),
                            "comment": plan.comment if cycle == CURRENT_CYCLE and number == 1 else None,
                        }
                    )
    return pl.DataFrame(rows, infer_schema_length=None)


def check_ins_known(truth: pl.DataFrame, day: date) -> pl.DataFrame:
    """The check-ins made up to that day."""
    return truth.filter(pl.col("check_in_date") <= day).sort("check_in_date", "key_result_id")
