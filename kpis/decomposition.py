"""Why a figure changed: rate and mix of a quotient, volume and price of an amount; exact, nothing left over.

Bars are midpoints of before and after. With weights w (a member's part of the denominator) and rates r:
Δ = Σ w̄ Δr (rate) + Σ (r̄ − R̄) Δw (mix). Taking R̄, the midpoint of the totals, off the mix changes no sum, for ΣΔw = 0,
but makes each member's mix readable: a member above the average that grows pushes the total up.
"""

from __future__ import annotations

from dataclasses import dataclass

import polars as pl

from kpis.definition import Kpi

_COLUMNS = ("member", "numerator", "denominator")


@dataclass(frozen=True)
class Decomposition:
    """`parts` by member, greatest contribution first, and their sums; `total` is what the whole changed by.

    Mix and rate: `parts` has member, numerator_before/_after, denominator_before/_after, value_before/_after,
    weight_before/_after, rate, mix, total. Volume and price: … amount_before/_after, quantity_before/_after, volume,
    price, mix where it was asked for, total. Plain difference: value_before/_after, total. Parts that do not apply are None. `basis` says what was
    decomposed: value, amount, or mean (of the durations finished in the period). `is_reversal` is the Simpson alarm:
    every member moved against the total.
    """

    parts: pl.DataFrame
    total: float
    rate: float | None = None
    mix: float | None = None
    volume: float | None = None
    price: float | None = None
    is_reversal: bool = False
    basis: str = "value"


def mix_and_rate(before: pl.DataFrame, after: pl.DataFrame, scale: float = 1.0) -> Decomposition | None:
    """Decompose the change of Σ numerator ÷ Σ denominator over members.

    Both frames have `member`, `numerator`, `denominator`, one row per member. `scale` multiplies every value (100 for
    a score in points). A member that appears or disappears changed the mix only: its rate is that of the period in
    which it was there. None where either total has no denominator.
    """
    parts = _joined(before, after, _COLUMNS[1:])
    has_before, has_after = pl.col("denominator_before") > 0, pl.col("denominator_after") > 0
    sums = parts.select(pl.exclude("member").sum()).row(0, named=True)
    if sums["denominator_before"] <= 0 or sums["denominator_after"] <= 0:
        return None
    total_before = scale * sums["numerator_before"] / sums["denominator_before"]
    total_after = scale * sums["numerator_after"] / sums["denominator_after"]
    parts = parts.filter(has_before | has_after).with_columns(
        value_before=pl.when(has_before).then(scale * pl.col("numerator_before") / pl.col("denominator_before")),
        value_after=pl.when(has_after).then(scale * pl.col("numerator_after") / pl.col("denominator_after")),
        weight_before=pl.col("denominator_before") / sums["denominator_before"],
        weight_after=pl.col("denominator_after") / sums["denominator_after"],
    )
    r0, r1 = pl.coalesce("value_before", "value_after"), pl.coalesce("value_after", "value_before")
    w0, w1 = pl.col("weight_before"), pl.col("weight_after")
    parts = parts.with_columns(
        rate=(w0 + w1) / 2 * (r1 - r0),
        mix=((r0 + r1) / 2 - (total_before + total_after) / 2) * (w1 - w0),
    ).with_columns(total=pl.col("rate") + pl.col("mix"))
    total = total_after - total_before
    return Decomposition(
        _ranked(parts),
        total,
        rate=float(parts["rate"].sum()),
        mix=float(parts["mix"].sum()),
        is_reversal=_is_reversal(parts, total),
    )


def volume_and_price(before: pl.DataFrame, after: pl.DataFrame, *, with_mix: bool = False) -> Decomposition:
    """Decompose the change of an amount over members: volume p̄ Δq and price q̄ Δp; also exact by member.

    Both frames have `member`, `amount` and `quantity`. A member that appears or disappears changed the volume only.
    `with_mix` takes the mix off the volume: with P̄, the midpoint of the mean prices of the whole, volume is P̄ Δq and
    mix (p̄ − P̄) Δq, so that a dear member that grows shows as mix and not as more pieces.
    """
    parts = _joined(before, after, ("amount", "quantity"))
    q0, q1 = pl.col("quantity_before"), pl.col("quantity_after")
    p0 = pl.when(q0 != 0).then(pl.col("amount_before") / q0)
    p1 = pl.when(q1 != 0).then(pl.col("amount_after") / q1)
    change = pl.col("amount_after") - pl.col("amount_before")
    parts = parts.with_columns(price=((q0 + q1) / 2 * (p1 - p0)).fill_null(0.0), total=change).with_columns(
        volume=pl.col("total") - pl.col("price")
    )
    if with_mix:
        parts = parts.with_columns(volume=_mean_price(parts) * (q1 - q0)).with_columns(
            mix=pl.col("total") - pl.col("price") - pl.col("volume")
        )
    effects = ("volume", "price", *(("mix",) if with_mix else ()), "total")
    parts = parts.select(pl.exclude(effects), *effects)
    return Decomposition(
        _ranked(parts),
        float(parts["total"].sum()),
        volume=float(parts["volume"].sum()),
        price=float(parts["price"].sum()),
        mix=float(parts["mix"].sum()) if with_mix else None,
        basis="amount",
    )


def _mean_price(parts: pl.DataFrame) -> float:
    """Midpoint of the whole's mean prices before and after; that of the one period where the other sold nothing."""
    sums = parts.select(pl.exclude("member").sum()).row(0, named=True)
    prices = [
        sums[f"amount_{side}"] / sums[f"quantity_{side}"] for side in ("before", "after") if sums[f"quantity_{side}"]
    ]
    return sum(prices) / len(prices) if prices else 0.0


def difference(before: pl.DataFrame, after: pl.DataFrame) -> Decomposition:
    """Decompose the change of a sum over members: each one's own difference. Frames have `member`, `value`."""
    parts = _joined(before, after, ("value",))
    parts = parts.with_columns(total=pl.col("value_after") - pl.col("value_before"))
    return Decomposition(_ranked(parts), float(parts["total"].sum()), basis="amount")


def explain(before: pl.DataFrame, after: pl.DataFrame, kpi: Kpi) -> Decomposition | None:
    """Why `kpi` changed between two periods, from its published values by member (VALUE_COLUMNS) in each of them.

    Shares, ratios, scores, balances and levels that are quotients: mix and rate. Amounts: volume, price and mix by the
    quantity that stands beside them as denominator, else volume and price by records. Counts, plain levels and net
    present values: the members' differences. Durations: mix and rate of the *mean* of the cases finished in the period
    (a median does not add up). None where nothing adds up: IRR, payback, days counted back, the cash cycle, no
    denominator.
    """
    if kpi.kind == "duration":
        weighed = pl.col("mean").fill_null(0.0) * pl.col("finished")
        columns = ("member", weighed.alias("numerator"), pl.col("finished").alias("denominator"))
        # A withheld mean (too few) must not count as zero.
        is_known = pl.col("mean").is_not_null()
        found = mix_and_rate(before.filter(is_known).select(columns), after.filter(is_known).select(columns))
        return None if found is None else Decomposition(**{**vars(found), "basis": "mean"})
    has_denominator = before["denominator"].is_not_null().any() or after["denominator"].is_not_null().any()
    if kpi.kind == "balance" and kpi.measure not in ("per_average", "days"):
        return None
    if kpi.kind in ("share", "ratio", "score", "balance") or (kpi.kind == "level" and has_denominator):
        scale = 100.0 if kpi.kind == "score" else 1.0
        return mix_and_rate(before.select(_COLUMNS), after.select(_COLUMNS), scale)
    if kpi.kind == "cash_flow" and kpi.measure != "npv":
        return None
    if kpi.kind == "amount":
        quantity = pl.col("denominator").fill_null(0.0) if has_denominator else pl.col("n")
        columns = ("member", pl.col("numerator").alias("amount"), quantity.alias("quantity"))
        return volume_and_price(before.select(columns), after.select(columns), with_mix=has_denominator)
    return difference(before.select("member", "value"), after.select("member", "value"))


def _joined(before: pl.DataFrame, after: pl.DataFrame, columns: tuple[str, ...]) -> pl.DataFrame:
    """One row per member of either frame, with `_before` and `_after`; 0 where a member was not there."""
    wanted = [pl.col(name).cast(pl.Float64) for name in columns]
    return (
        before.select("member", *(column.name.suffix("_before") for column in wanted))
        .join(after.select("member", *(column.name.suffix("_after") for column in wanted)),
              on="member", how="full", coalesce=True, validate="1:1")
        .with_columns(pl.exclude("member").fill_null(0.0))
        .select("member", *(f"{name}_{side}" for name in columns for side in ("before", "after")))
    )  # fmt: skip


def _ranked(parts: pl.DataFrame) -> pl.DataFrame:
    return parts.sort(pl.col("total").abs(), "member", descending=[True, False])


def _is_reversal(parts: pl.DataFrame, total: float) -> bool:
    """Every member that was there both times, and at least two, moved the other way than the total."""
    both = parts.filter(pl.col("value_before").is_not_null() & pl.col("value_after").is_not_null())
    moves = both.select(move=(pl.col("value_after") - pl.col("value_before")).sign() * (1 if total > 0 else -1))["move"]
    return total != 0 and moves.len() >= 2 and bool((moves < 0).all())
