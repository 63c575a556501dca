"""Volume, price and mix of an amount that carries its quantity: exact, and each effect alone where only it happened."""

from __future__ import annotations

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from kpis.decomposition import volume_and_price

SALES = st.dictionaries(
    st.sampled_from("abcd"), st.tuples(st.integers(1, 900), st.integers(1, 90)), min_size=1, max_size=4
)


def frame(members: dict[str, tuple[int, int]]) -> pl.DataFrame:
    """Member → quantity and price."""
    rows = [{"member": name, "amount": float(q * p), "quantity": float(q)} for name, (q, p) in members.items()]
    return pl.DataFrame(rows)


@given(SALES, SALES)
def test_the_three_effects_add_up_by_member_and_in_total(
    before: dict[str, tuple[int, int]], after: dict[str, tuple[int, int]]
) -> None:
    found = volume_and_price(frame(before), frame(after), with_mix=True)
    change = sum(q * p for q, p in after.values()) - sum(q * p for q, p in before.values())
    assert found.total == pytest.approx(change)
    assert (found.volume or 0) + (found.price or 0) + (found.mix or 0) == pytest.approx(change)
    for row in found.parts.iter_rows(named=True):
        assert row["volume"] + row["price"] + row["mix"] == pytest.approx(row["amount_after"] - row["amount_before"])


@pytest.mark.parametrize(
    ("after", "effect"),
    [
        ({"cheap": (20, 10), "dear": (20, 30)}, "volume"),  # twice of each
        ({"cheap": (10, 11), "dear": (10, 33)}, "price"),  # the same pieces, dearer
        ({"cheap": (5, 10), "dear": (15, 30)}, "mix"),  # the same number of pieces, more of the dear ones
    ],
)
def test_what_did_not_change_has_no_effect(after: dict[str, tuple[int, int]], effect: str) -> None:
    found = volume_and_price(frame({"cheap": (10, 10), "dear": (10, 30)}), frame(after), with_mix=True)
    effects = {"volume": found.volume, "price": found.price, "mix": found.mix}
    assert effects.pop(effect) == pytest.approx(found.total)
    assert list(effects.values()) == pytest.approx([0, 0])


def test_volume_at_the_mean_price_of_both_periods() -> None:
    """100 → 180 with 10 → 12 pieces: price 55, volume 12.5 × 2 = 25, and no mix with one product."""
    found = volume_and_price(frame({"a": (10, 10)}), frame({"a": (12, 15)}), with_mix=True)
    assert (found.volume, found.price, found.mix) == (pytest.approx(25), pytest.approx(55), pytest.approx(0))
