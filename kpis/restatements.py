"""What was reported, beside what is known today: which figures changed, by how much, and because of which rows.

A row of an export arrived late, was corrected or was deleted after the figure was frozen. Where the export has not
changed and the outcome has, the definition changed, or, when it did not, something else behind the row: another export,
or time that has passed (an open ticket breaks its promise without anybody touching it).
"""

from __future__ import annotations

import polars as pl

CAUSES = ("arrived_late", "corrected", "deleted", "definition_changed", "derived")
FIGURE = ["kpi", "grain", "period_start", "dimension", "member"]
COMPARED_DIMENSIONS = ("total", "business_unit")
# Sums of many floats differ in their last digits from build to build; nobody restates those.
RELATIVE_NOISE = 1e-9


def restated(snapshots: pl.DataFrame, values: pl.DataFrame) -> pl.DataFrame:
    """The frozen figures of company and units whose value, or its state, is another today.

    `difference` is null where there was no value, or is none any more. A KPI that is no longer published restates
    nothing.
    """
    compared = snapshots.filter(
        pl.col("dimension").is_in(COMPARED_DIMENSIONS) & pl.col("kpi").is_in(values["kpi"].unique().implode())
    )
    reported = compared.select(
        "week", *FIGURE, "period_end", "definition_hash",
        reported="value", reported_state="state", reported_numerator="numerator", reported_denominator="denominator",
        reported_n="n",
    )  # fmt: skip
    now = values.select(
        *FIGURE, now="value", now_state="state", now_numerator="numerator", now_denominator="denominator", now_n="n",
        now_definition_hash="definition_hash",
    )  # fmt: skip
    both = reported.join(now, on=FIGURE, how="left")
    room = pl.max_horizontal(pl.col("reported").abs(), pl.col("now").abs(), 1e-6) * RELATIVE_NOISE
    is_moved = (pl.col("now") - pl.col("reported")).abs() > room
    is_other = (
        is_moved.fill_null(False)
        | (pl.col("now").is_null() != pl.col("reported").is_null())
        | pl.col("now_state").ne_missing(pl.col("reported_state"))
    )
    return both.filter(is_other).with_columns(
        difference=pl.col("now") - pl.col("reported"),
        is_definition_changed=pl.col("definition_hash").ne_missing(pl.col("now_definition_hash")),
    )


def with_causes(pairs: pl.DataFrame) -> pl.DataFrame:
    """The rows that changed, each with its `cause`; rows that are what they were are left out.

    `changes_record` is false where the row of the export has another version, and the KPI's record of it is the same: a
    ticket that was closed since, for the tickets opened.

    `pairs` has a row for each record behind a figure, frozen or of today: `first_known`, `changed_at` and `is_current`
    of its key in the export, `known_until` of the freeze, and date, unit, amount and whether it counts, before and
    after.
    """
    columns = ("date", "unit", "amount", "counts")
    is_same = pl.all_horizontal(
        *(pl.col(f"{name}_before").eq_missing(pl.col(f"{name}_after")) for name in columns),
        pl.col("is_before").eq_missing(pl.col("is_after")),
    )
    is_touched = pl.col("changed_at") > pl.col("known_until")
    cause = (
        pl.when(pl.col("first_known") > pl.col("known_until"))
        .then(pl.lit("arrived_late"))
        .when(is_touched & ~pl.col("is_current"))
        .then(pl.lit("deleted"))
        .when(is_touched)
        .then(pl.lit("corrected"))
        .when(pl.col("is_definition_changed"))
        .then(pl.lit("definition_changed"))
        .otherwise(pl.lit("derived"))
    )
    return pairs.filter(is_touched.fill_null(False) | ~is_same).with_columns(cause=cause, changes_record=~is_same)


def split(figures: pl.DataFrame, rows: pl.DataFrame) -> pl.DataFrame:
    """Each restated figure with the count of rows and the change of the amount by cause (`rows_*`, `amount_*`).

    A row belongs to a figure when it lay in its period and unit, or lies there now. Rows that change no record count
    only where none changes one: they may then move the figure in a way that its records do not show. The amount of a
    row that the KPI does not count is not part of the change; where a KPI's records have no amount, all of it is null.
    """
    joined = figures.select("week", *FIGURE, "period_end").join(rows, on=["kpi", "week"])
    was, is_now = (_inside(side) for side in ("before", "after"))
    parts = (
        joined.with_columns(was=was, is_now=is_now)
        .filter(pl.col("was") | pl.col("is_now"))
        .filter(pl.col("changes_record") | ~pl.col("changes_record").any().over("week", *FIGURE))
        .with_columns(
            change=pl.when(pl.col("is_now") & pl.col("counts_after")).then(pl.col("amount_after")).otherwise(0.0)
            - pl.when(pl.col("was") & pl.col("counts_before")).then(pl.col("amount_before")).otherwise(0.0),
            has_amount=pl.col("amount_before").is_not_null() | pl.col("amount_after").is_not_null(),
        )
    )
    sums = parts.group_by("week", *FIGURE).agg(
        *(pl.col("cause").eq(cause).sum().cast(pl.Int64).alias(f"rows_{cause}") for cause in CAUSES),
        *(
            pl.when(pl.col("has_amount").any())
            .then(pl.col("change").filter(pl.col("cause") == cause).sum())
            .alias(f"amount_{cause}")
            for cause in CAUSES
        ),
    )
    counts = [pl.col(f"rows_{cause}").fill_null(0) for cause in CAUSES]
    return figures.join(sums, on=["week", *FIGURE], how="left").with_columns(*counts)


def _inside(side: str) -> pl.Expr:
    in_period = pl.col(f"date_{side}").is_between(pl.col("period_start"), pl.col("period_end"))
    in_unit = (pl.col("dimension") == "total") | (pl.col(f"unit_{side}") == pl.col("member"))
    # A side that is not there has no date.
    return (in_period & in_unit).fill_null(False)


def sized(figures: pl.DataFrame) -> pl.DataFrame:
    """Restated figures with their `size`, comparable over KPIs: of shares and scores on their own scale (0.005 is half a
    percentage point, or half a point of a score), of all others relative to what was reported.

    `figures` has the KPI's `unit`. Where a figure came or went, or grew from zero, the size is infinite; where only its
    state is another, zero.
    """
    step = pl.col("difference").abs()
    size = (
        pl.when(pl.col("reported").is_null() & pl.col("now").is_null())
        .then(0.0)
        .when(step.is_null())
        .then(float("inf"))
        .when(step == 0)
        .then(0.0)
        .when(pl.col("unit") == "percent")
        .then(step)
        .when(pl.col("unit") == "points")
        .then(step / 100)
        .otherwise(step / pl.col("reported").abs())
    )
    return figures.with_columns(size=size.cast(pl.Float64))


def beyond(figures: pl.DataFrame, tolerance: float) -> pl.DataFrame:
    """The restated figures whose size is above a tolerance; at a tolerance of zero all of them."""
    found = sized(figures)
    return found if tolerance <= 0 else found.filter(pl.col("size") > tolerance)


def rows_of(figure: pl.DataFrame, rows: pl.DataFrame) -> pl.DataFrame:
    """The rows that belong to one restated figure (a frame of one row), as `split` counts them.

    Rows that were found by the export only (`found_by` is `sources`) have no date and belong to every figure of the
    week's KPI.
    """
    columns = rows.columns
    joined = figure.select("week", *FIGURE, "period_end").join(rows, on=["kpi", "week"])
    is_inside = (_inside("before") | _inside("after")) & (
        pl.col("changes_record") | ~(pl.col("changes_record") & (_inside("before") | _inside("after"))).any()
    )
    return joined.filter((pl.col("found_by") == "sources") | is_inside).select(columns)
