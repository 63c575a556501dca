"""NPS invitations and answers, with the drop of the unit NE from 2026-W40."""

from __future__ import annotations

from datetime import date

import numpy as np
import polars as pl

from pipeline.sample.comments import comments
from pipeline.sample.company import AS_OF, COMPANY, KNOWLEDGE_DATES, NPS_DROP_START, UNITS, random_stream
from pipeline.sample.working_time import even_arrivals

WEEKLY_INVITATIONS = {"MTZ": 13.0, "SUL": 10.0, "NE": 14.0, "CO": 8.0}
ANSWERED_SHARE = 0.46
RESPONDENTS_A_UNIT = 420
TWICE_SHARE = 0.012  # answered, then answered again in the same wave: only the last counts
NO_SCORE_SHARE = 0.004  # answered with words, without a score: not a zero
CORRECTED_SHARE = 0.006  # typed wrong by the telephone interviewer, corrected one export later

# Shares of the scores 0 to 10: about 62 % promoters and 12 % detractors, so an NPS about +50.
_USUAL = np.array([0.4, 0.2, 0.5, 0.9, 1.5, 3.5, 5.0, 10.0, 16.0, 28.0, 34.0])
_DROPPED = np.array([8.0, 7.0, 10.0, 11.0, 9.0, 8.0, 7.0, 10.0, 12.0, 10.0, 8.0])
_SEGMENTS = ("Varejo", "Atacado", "Food service")
_CHANNELS = ("E-mail", "WhatsApp", "Telefone")


def _draw_scores(stream: np.random.Generator, weights: np.ndarray, count: int) -> np.ndarray:
    return stream.choice(11, size=count, p=weights / weights.sum())


def surveys_truth() -> pl.DataFrame:
    """One row an invitation, plus second answers; ``first_score`` is what was typed before ``corrected_from``."""
    stream = random_stream("surveys")
    arrivals = {unit: even_arrivals(stream, rate) for unit, rate in WEEKLY_INVITATIONS.items()}
    sizes = [len(arrivals[unit]) for unit in UNITS]
    unit = np.repeat(np.array(UNITS), sizes)
    sent_day = np.concatenate([arrivals[unit] for unit in UNITS])
    # each unit asks its customers in turn, so that nobody is invited twice in one wave
    respondent = np.concatenate([np.arange(size) % RESPONDENTS_A_UNIT for size in sizes]) + np.repeat(
        np.arange(len(UNITS)) * 1000 + 1000, sizes
    )
    order = np.argsort(sent_day, kind="stable")
    unit, sent_day, respondent = unit[order], sent_day[order], respondent[order]
    count = len(unit)

    sent = sent_day.astype("datetime64[s]") + stream.integers(9 * 3600, 18 * 3600, count).astype("timedelta64[s]")
    is_answered = stream.random(count) < ANSWERED_SHARE
    answered = sent + (stream.gamma(1.3, 40_000, count) + 240).astype("timedelta64[s]")
    dropped = (unit == "NE") & (answered >= np.datetime64(NPS_DROP_START, "s"))
    score = np.where(dropped, _draw_scores(stream, _DROPPED, count), _draw_scores(stream, _USUAL, count))
    about_delivery = (score <= 6) & np.where(dropped, stream.random(count) < 0.85, stream.random(count) < 0.05)
    text = comments(stream, score, about_delivery)
    mistyped = is_answered & (stream.random(count) < CORRECTED_SHARE) & ~dropped
    exports = np.array(KNOWLEDGE_DATES, dtype="datetime64[D]")
    position = np.searchsorted(exports, answered.astype("datetime64[D]"))
    truth = pl.DataFrame(
        {
            "company": np.full(count, COMPANY),
            "business_unit": unit,
            "response_id": [f"R{value:06d}" for value in range(10_000, 10_000 + count)],
            "wave": sent_day.astype("datetime64[M]").astype(str),
            "respondent_id": np.char.add("C", respondent.astype(str)),
            "segment": np.array(_SEGMENTS)[(respondent * 7) % 10 // 4],
            "channel": np.array(_CHANNELS)[(respondent * 3) % 10 // 4],
            "sent_at": sent.astype("datetime64[ms]"),
            "answered_at": answered.astype("datetime64[ms]"),
            "score": score,
            "comment": text,
            "is_answered": is_answered,
            "no_score": stream.random(count) < NO_SCORE_SHARE,
            "first_score": np.where(mistyped, 10 - score, score),
            "corrected_from": np.where(mistyped, exports[np.minimum(position + 1, len(exports) - 1)], exports[0] - 900),
        }
    )
    return _with_second_answers(stream, truth)


def _with_second_answers(stream: np.random.Generator, truth: pl.DataFrame) -> pl.DataFrame:
    """Some who answered do so again hours later, one point lower or higher, as a new response of the same wave."""
    again = truth.filter(pl.col("is_answered") & pl.Series(stream.random(truth.height) < TWICE_SHARE))
    again = again.with_columns(
        response_id=pl.concat_str(pl.col("response_id"), pl.lit("B")),
        answered_at=pl.col("answered_at") + pl.duration(hours=3),
        score=pl.when(pl.col("score") < 10).then(pl.col("score") + 1).otherwise(pl.col("score") - 1),
        comment=pl.lit(""),
        corrected_from=pl.lit(date(2023, 1, 1)),
        no_score=pl.lit(False),
    )
    return pl.concat([truth, again]).sort("sent_at", "response_id")


def surveys_known(truth: pl.DataFrame, day: date) -> pl.DataFrame:
    """Invitations sent up to the end of that day, with the answers that had come by then."""
    answered = pl.col("is_answered") & (pl.col("answered_at").dt.date() <= min(day, AS_OF))
    is_second = pl.col("response_id").str.ends_with("B")
    score = pl.when(pl.col("corrected_from") <= day).then(pl.col("score")).otherwise(pl.col("first_score"))
    return (
        truth.filter(pl.col("sent_at").dt.date() <= day)
        .filter(~is_second | answered)
        .with_columns(
            answered_at=pl.when(answered).then("answered_at"),
            score=pl.when(answered & ~pl.col("no_score")).then(score),
            comment=pl.when(answered & (pl.col("comment") != "")).then("comment"),
        )
        .drop("is_answered", "no_score", "first_score", "corrected_from")
    )
