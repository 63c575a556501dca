"""Uncertainty of a single figure: Wilson for shares, the normal one for net promoter scores, Byar's for counts."""

from __future__ import annotations

from statistics import NormalDist
from typing import Any, TypeVar

import polars as pl

CONFIDENCE = 0.95
"""Confidence of every published interval (two-sided)."""

Quantity = TypeVar("Quantity", float, pl.Expr)


def deviate(confidence: float = CONFIDENCE) -> float:
    """Standard normal deviate of a two-sided interval: 1.96 for 0.95."""
    return NormalDist().inv_cdf((1 + confidence) / 2)


def wilson(successes: Quantity, trials: Quantity, confidence: float = CONFIDENCE) -> tuple[Quantity, Quantity]:
    """Wilson score interval of a share, as fractions; numbers or polars expressions.

    Source: Wilson (1927), without continuity correction. Numbers with no trials raise ZeroDivisionError; expressions
    give NaN there, so callers must mask them.
    """
    z = deviate(confidence)
    share: Any = successes / trials
    centre: Any = (share + z * z / (2 * trials)) / (1 + z * z / trials)
    half: Any = z * (share * (1 - share) / trials + z * z / (4 * trials * trials)) ** 0.5 / (1 + z * z / trials)
    return _clamp(centre - half, 0.0, 1.0), _clamp(centre + half, 0.0, 1.0)


def net_promoter_variance(promoters: Quantity, detractors: Quantity) -> Quantity:
    """Variance of one answer scored +1, 0, −1, from the *shares* of promoters and detractors: p + d − (p − d)²."""
    return promoters + detractors - (promoters - detractors) ** 2


def net_promoter_interval(
    promoters: Quantity, detractors: Quantity, responses: Quantity, confidence: float = CONFIDENCE
) -> tuple[Quantity, Quantity]:
    """Interval of a net promoter score in points (−100 to 100) from counts; numbers or polars expressions.

    Normal approximation with the variance p + d − (p − d)² over n; no responses as in `wilson`.
    """
    variance = net_promoter_variance(promoters / responses, detractors / responses)
    # Rounding may leave −1e-17 where everybody gave the same answer.
    half = deviate(confidence) * 100 * (_clamp(variance, 0.0, 1.0) / responses) ** 0.5
    score = 100 * (promoters - detractors) / responses
    return _clamp(score - half, -100.0, 100.0), _clamp(score + half, -100.0, 100.0)


def poisson(events: pl.Expr, confidence: float = CONFIDENCE) -> tuple[pl.Expr, pl.Expr]:
    """Interval of a count of events (polars expressions): Byar's approximation to the exact Poisson limits.

    Source: Breslow & Day (1987), Statistical Methods in Cancer Research II; good to one unit in the second decimal from
    one event on, and 0 below for no event.
    """
    z = deviate(confidence)
    above = events + 1
    low = events * (1 - 1 / (9 * events) - z / (3 * events.sqrt())) ** 3
    high = above * (1 - 1 / (9 * above) + z / (3 * above.sqrt())) ** 3
    return pl.when(events > 0).then(low.clip(lower_bound=0.0)).otherwise(0.0), high


def _clamp(quantity: Any, low: float, high: float) -> Any:
    if isinstance(quantity, pl.Expr):
        return quantity.clip(low, high)
    return min(max(quantity, low), high)
