"""The quarterly survey of the employees: would you recommend this company as a place to work?

With the turnover of the unit NE its answers fall: from about +25 to below -20 from the wave of June 2026.
"""

from __future__ import annotations

from datetime import date, datetime, timedelta
from functools import cache

import numpy as np
import polars as pl

from pipeline.sample.company import random_stream
from pipeline.sample.employees import TURNOVER_UNIT, people_truth

WAVES = {
    f"{year}-{month:02d}": date(year, month, 8)
    for year in (2024, 2025, 2026)
    for month in (3, 6, 9, 12)
    if date(2024, 9, 1) <= date(year, month, 1) <= date(2026, 10, 1)
}
STORY_WAVE = "2026-06"
ANSWERED_SHARE = 0.72
_SCORES = tuple(range(11))
_USUAL = (0.01, 0.01, 0.01, 0.02, 0.03, 0.05, 0.08, 0.15, 0.20, 0.24, 0.20)
_STORY = (0.05, 0.04, 0.06, 0.07, 0.08, 0.12, 0.14, 0.16, 0.12, 0.09, 0.07)
_COMMENTS = {
    True: ("Sobrecarga depois das saídas.", "Chefia nova não ouve a equipe.", "Falta gente no turno da noite."),
    False: ("Gosto da equipe.", "Salário abaixo do mercado.", "Bom ambiente.", "Queria mais treinamento."),
}


@cache
def employee_survey_truth() -> pl.DataFrame:
    """One row an invitation; the token of a person is another one in each wave."""
    stream = random_stream("employee_survey")
    rows: list[dict[str, object]] = []
    for wave, first in WAVES.items():
        sent = first + timedelta(days=(7 - first.weekday()) % 7)
        present = people_truth()[0].filter(
            (pl.col("admission_date") < sent) & (pl.col("leaving_date").is_null() | (pl.col("leaving_date") > sent))
        )
        for person in present.iter_rows(named=True):
            is_story = person["business_unit"] == TURNOVER_UNIT and wave >= STORY_WAVE
            is_answered = stream.random() < ANSWERED_SHARE
            minutes = int(stream.gamma(1.2, 2_600))
            score = int(stream.choice(_SCORES, p=np.array(_STORY if is_story else _USUAL)))
            comments = _COMMENTS[is_story]
            is_commented = is_answered and stream.random() < 0.2
            token = f"{int(stream.integers(16**8)):08x}"
            rows.append(
                {
                    "company": person["company"],
                    "business_unit": person["business_unit"],
                    "response_id": f"PC{len(rows) + 1:05d}",
                    "wave": wave,
                    "respondent_id": token,
                    "department": person["department"],
                    "sent_at": datetime(sent.year, sent.month, sent.day, 9),  # noqa: DTZ001  local, as the tool writes it
                    "answered_at": datetime(sent.year, sent.month, sent.day, 9)  # noqa: DTZ001
                    + timedelta(minutes=min(minutes, 20_000))
                    if is_answered
                    else None,
                    "score": score if is_answered else None,
                    "comment": str(stream.choice(comments)) if is_commented else None,
                }
            )
    return pl.DataFrame(rows, infer_schema_length=None)


def employee_survey_known(day: date) -> pl.DataFrame:
    """The invitations sent up to that day, with the answers that had come."""
    was_answered = pl.col("answered_at").dt.date() <= day
    return (
        employee_survey_truth()
        .filter(pl.col("sent_at").dt.date() <= day)
        .with_columns(
            pl.when(was_answered).then(name).alias(name) for name in ("answered_at", "score", "comment")
        )
    )  # fmt: skip
