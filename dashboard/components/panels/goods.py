"""Stock, logistics and the commercial back office: what is on the shelves, why orders fail, where discounts leak."""

from __future__ import annotations

import streamlit as st

from dashboard import formats, vocabulary
from dashboard.charts.bars import Bar, horizontal_bars
from dashboard.charts.template import ORDINARY, WORSE
from dashboard.codes import worded
from dashboard.components.area import chart, nothing
from dashboard.components.tables import draw
from dashboard.language import N_, _, plural
from dashboard.published import Publication
from dashboard.queries.definitions import business_units
from dashboard.queries.goods import FAULTS, goods_table

FAULT_WORDS = {
    "late": N_("late"),
    "short": N_("not in full"),
    "wrong_item": N_("wrong item"),
    "undocumented": N_("documents incomplete"),
    "damaged": N_("damaged"),
}


def stock_by_class(publication: Publication, unit: str) -> None:
    """Stock at cost by ABC class on the as-of date."""
    st.subheader(_("Stock by ABC class"), anchor=False)
    rows = goods_table(publication, "stock_by_class", unit).rows()
    if not rows or not rows[0][2]:
        nothing(_("There is no stock."))
        return
    bars = [
        Bar(
            vocabulary.member(member),
            amount,
            f"{formats.money_compact(amount)} · {formats.percent(amount / whole, 0)}",
            ORDINARY,
        )
        for member, amount, whole in rows
    ]
    chart(horizontal_bars(bars), "stock_by_class", _("Stock at cost by ABC class"))


def out_of_stock(publication: Publication, unit: str) -> None:
    """The items at zero now that customers asked for in vain, the most wanted first."""
    st.subheader(_("Out of stock and asked for, last 13 weeks"), anchor=False)
    rows = goods_table(publication, "out_of_stock", unit)
    if rows.is_empty():
        nothing(_("Nothing that was asked for is out of stock."))
        return
    draw(worded(rows, business_units(publication)), _("Items out of stock that were asked for"))


def order_faults(publication: Publication, unit: str) -> None:
    """Why orders were not perfect; one order can have several faults, so the bars do not add up."""
    st.subheader(_("Why orders were not perfect, last 13 weeks"), anchor=False)
    rows = goods_table(publication, "order_faults", unit).rows(named=True)
    if not rows:
        nothing(_("No order was delivered in the last 13 weeks."))
        return
    orders = rows[0]["orders"]
    ranked = sorted(((rows[0][fault], fault) for fault in FAULTS), reverse=True)
    bars = [
        Bar(_(FAULT_WORDS[fault]), count, f"{formats.number(count)} · {formats.percent(count / orders, 0)}", WORSE)
        for count, fault in ranked
    ]
    chart(horizontal_bars(bars), "order_faults", _("Orders delivered by fault"))
    words = plural("Of {count} order delivered; one can have several faults.",
                   "Of {count} orders delivered; one can have several faults.", orders)  # fmt: skip
    st.caption(words.format(count=formats.number(orders)))


def late_orders(publication: Publication, unit: str) -> None:
    """The orders past their promised date that have not arrived, the oldest first, with file and line."""
    st.subheader(_("Late and not delivered"), anchor=False)
    rows = goods_table(publication, "late_orders", unit)
    if rows.is_empty():
        nothing(_("Nothing promised is missing."))
        return
    draw(worded(rows, business_units(publication)), _("Orders past their promised date"))


def leakage_by_group(publication: Publication, unit: str) -> None:
    """Where discounts beyond the policy went."""
    st.subheader(_("Discounts beyond the policy, last 13 weeks"), anchor=False)
    rows = goods_table(publication, "leakage_by_group", unit).rows()
    if not rows:
        nothing(_("No discount was beyond the policy."))
        return
    bars = []
    for member, amount, lines in rows:
        count = plural("{count} line", "{count} lines", lines).format(count=formats.number(lines))
        label, text = vocabulary.member(member), formats.money_compact(amount)
        bars.append(Bar(label, amount, text, WORSE, f"{label}: {text}, {count}"))
    chart(horizontal_bars(bars), "leakage_by_group", _("Discounts beyond the policy by customer group"))


def correction_reasons(publication: Publication, unit: str) -> None:
    """What had to be corrected after orders were entered."""
    st.subheader(_("Orders corrected, last 13 weeks"), anchor=False)
    rows = goods_table(publication, "correction_reasons", unit).rows()
    if not rows:
        nothing(_("No order was corrected."))
        return
    bars = [Bar(vocabulary.member(member), orders, formats.number(orders), WORSE) for member, orders in rows]
    chart(horizontal_bars(bars), "correction_reasons", _("Orders corrected by reason"))


def largest_leakages(publication: Publication, unit: str) -> None:
    """The lines that gave away most beyond the policy without an approval, with file and line."""
    st.subheader(_("Largest discounts beyond the policy"), anchor=False)
    rows = goods_table(publication, "largest_leakages", unit)
    if rows.is_empty():
        nothing(_("No discount was beyond the policy."))
        return
    draw(worded(rows, business_units(publication)), _("Lines with the largest discounts beyond the policy"))
