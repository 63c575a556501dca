"""How a figure follows from its components, where sums alone give it: what the workbook's formulas say.

Medians, returns and count-backs are not functions of two sums: they have no formula, and the workbook says why.
"""

from __future__ import annotations

from enum import StrEnum

from dashboard.queries.definitions import Definition
from dashboard.queries.values import Point


class Recipe(StrEnum):
    """What is done with numerator and denominator."""

    SUM = "numerator"
    QUOTIENT = "numerator / denominator"
    POINTS = "100 × numerator / denominator"
    NONE = ""


QUOTIENT_MEASURES = ("per_average", "days")  # balances that are a quotient of two sums


def recipe(definition: Definition, point: Point | None) -> Recipe:
    """The recipe of one published figure; NONE where there is no figure or sums do not give it."""
    if point is None or point.value is None or point.numerator is None:
        return Recipe.NONE
    kind = definition.kind
    if kind in ("count", "amount") or (kind == "level" and point.denominator is None):
        return Recipe.SUM
    if point.denominator is None or point.denominator == 0:
        return Recipe.NONE
    if kind == "score":
        return Recipe.POINTS
    is_quotient = kind in ("share", "ratio", "level") or (kind == "balance" and definition.measure in QUOTIENT_MEASURES)
    return Recipe.QUOTIENT if is_quotient else Recipe.NONE
