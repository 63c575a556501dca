"""Stock, logistics and the commercial back office: what is on the shelves, why orders fail, where discounts leak."""

from __future__ import annotations

import polars as pl

from dashboard import formats, vocabulary
from dashboard.charts.bars import Bar, horizontal_bars
from dashboard.charts.template import ORDINARY, WORSE
from dashboard.components.area import empty, grain, listing, panel, recent_words
from dashboard.components.panels.timelines import summed
from dashboard.language import N_, _, plural
from dashboard.published import Publication
from dashboard.queries.goods import FAULTS, goods_table

FAULT_WORDS = {
    "late": N_("late"),
    "short": N_("not in full"),
    "wrong_item": N_("wrong item"),
    "undocumented": N_("documents incomplete"),
    "damaged": N_("damaged"),
}

LAST_SALES = {
    "within_30": N_("sold within 30 days"),
    "within_90": N_("sold 31 to 90 days ago"),
    "over_90": N_("sold more than 90 days ago"),
    "never": N_("never sold"),
}


def stock_by_class(publication: Publication, unit: str) -> None:
    """Stock at cost by ABC class on the as-of date."""
    question = _("Where is the money in stock?")
    rows = goods_table(publication, "stock_by_class", unit)
    if rows.is_empty() or not rows["whole"][0]:
        empty(publication, "fct_stock_movements", unit, question, _("There is no stock."))
        return
    bars = [
        Bar(
            vocabulary.member(member),
            amount,
            f"{formats.money_compact(amount)} · {formats.percent(amount / whole, 0)}",
            ORDINARY,
        )
        for member, amount, whole in rows.iter_rows()
    ]
    answer = _("{amount} at cost, by ABC class.").format(amount=formats.money_compact(rows["whole"][0]))
    table = rows.rename({"member": "abc_class", "amount": "amount_brl"}).drop("whole")
    panel(publication, question, answer, horizontal_bars(bars), "stock_by_class", table, kpi="stock_turnover")


def stock_by_last_sale(publication: Publication, unit: str) -> None:
    """Stock at cost by how long ago it was last sold: what does not move ties money up."""
    question = _("Which stock does not move?")
    rows = goods_table(publication, "stock_by_last_sale", unit)
    if rows.is_empty():
        empty(publication, "fct_stock_movements", unit, question, _("There is no stock."))
        return
    found = {band: (items, amount) for band, items, amount in rows.iter_rows()}
    whole = summed(rows, "amount_brl")
    bars = []
    for band, words in LAST_SALES.items():
        items, amount = found.get(band, (0, 0.0))
        text = f"{formats.money_compact(amount)} · {formats.number(items)}"
        bars.append(Bar(_(words), amount, text, WORSE if band in ("over_90", "never") else ORDINARY))
    still = sum(found.get(band, (0, 0.0))[1] for band in ("over_90", "never"))
    answer = _("{amount} ({share}) has not been sold for more than 90 days.").format(
        amount=formats.money_compact(still), share=formats.percent(still / whole if whole else 0)
    )
    table = pl.DataFrame(
        {
            "last_sale": [bar.label for bar in bars],
            "items": [found.get(band, (0, 0.0))[0] for band in LAST_SALES],
            "amount_brl": [bar.value for bar in bars],
        }
    )
    panel(publication, question, answer, horizontal_bars(bars), "stock_by_last_sale", table, kpi="days_of_inventory",
          note=_("Stock at cost and number of items, by their last sale from that warehouse."))  # fmt: skip


def out_of_stock(publication: Publication, unit: str) -> None:
    """The items at zero now that customers asked for in vain, the most wanted first."""
    rows = goods_table(publication, "out_of_stock", unit, grain())
    span = recent_words(grain())
    answer = (
        _("Nothing that was asked for is out of stock: {span}.") if rows.is_empty() else _("Asked for in the {span}.")
    )
    listing(
        publication,
        "fct_stock_days",
        unit,
        _("What do customers ask for in vain?"),
        answer.format(span=span),
        rows,
        kpi="stockout_rate",
    )


def order_faults(publication: Publication, unit: str) -> None:
    """Why orders were not perfect; one order can have several faults, so the bars do not add up."""
    question = _("Why are orders not perfect?")
    rows = goods_table(publication, "order_faults", unit, grain()).rows(named=True)
    if not rows:
        empty(
            publication,
            "fct_orders",
            unit,
            question,
            _("No order was delivered: {span}.").format(span=recent_words(grain())),
        )
        return
    orders = rows[0]["orders"]
    ranked = sorted(((rows[0][fault], fault) for fault in FAULTS), reverse=True)
    bars = [
        Bar(_(FAULT_WORDS[fault]), count, f"{formats.number(count)} · {formats.percent(count / orders, 0)}", WORSE)
        for count, fault in ranked
    ]
    words = plural("Of {count} order delivered, {span}.", "Of {count} orders delivered, {span}.", orders)
    table = pl.DataFrame({"fault": [bar.label for bar in bars], "orders": [count for count, _fault in ranked]})
    panel(publication, question, words.format(count=formats.number(orders), span=recent_words(grain())), horizontal_bars(bars),
          "order_faults", table, kpi="perfect_order", note=_("One order can have several faults."))  # fmt: skip


def late_orders(publication: Publication, unit: str) -> None:
    """The orders past their promised date that have not arrived, the oldest first, with file and line."""
    rows = goods_table(publication, "late_orders", unit)
    answer = _("Nothing promised is missing.")
    if not rows.is_empty():
        orders, amount = rows.select("all_orders", "all_brl").row(0)
        answer = plural("{count} order, {amount}; the oldest:", "{count} orders, {amount}; the oldest:", orders)
        answer = answer.format(count=formats.number(orders), amount=formats.money_compact(amount))
    listing(publication, "fct_orders", unit, _("Which orders are late?"), answer, rows.drop("all_orders", "all_brl"),
            kpi="on_time_in_full")  # fmt: skip


def leakage_by_group(publication: Publication, unit: str) -> None:
    """Where discounts beyond the policy went."""
    question = _("To whom do discounts leak?")
    span = recent_words(grain())
    rows = goods_table(publication, "leakage_by_group", unit, grain())
    if rows.is_empty():
        empty(
            publication,
            "fct_order_lines",
            unit,
            question,
            _("No discount was beyond the policy: {span}.").format(span=span),
        )
        return
    bars = []
    for member, amount, lines, _whole in rows.iter_rows():
        count = plural("{count} line", "{count} lines", lines).format(count=formats.number(lines))
        label, text = vocabulary.member(member), formats.money_compact(amount)
        bars.append(Bar(label, amount, text, WORSE, f"{label}: {text}, {count}"))
    answer = _("{amount} beyond the policy, {span}.").format(amount=formats.money_compact(rows["whole"][0]), span=span)
    table = rows.rename({"member": "customer_group", "amount": "amount_brl"}).drop("whole")
    panel(publication, question, answer, horizontal_bars(bars), "leakage_by_group", table, kpi="discount_leakage")


def correction_reasons(publication: Publication, unit: str) -> None:
    """What had to be corrected after orders were entered."""
    question = _("Why are orders corrected?")
    span = recent_words(grain())
    rows = goods_table(publication, "correction_reasons", unit, grain())
    if rows.is_empty():
        empty(publication, "fct_orders", unit, question, _("No order was corrected: {span}.").format(span=span))
        return
    bars = [
        Bar(vocabulary.member(member), orders, formats.number(orders), WORSE)
        for member, orders in rows.select("member", "orders").iter_rows()
    ]
    count = rows["all_orders"][0]
    answer = plural("{count} order corrected, {span}.", "{count} orders corrected, {span}.", count)
    panel(publication, question, answer.format(count=formats.number(count), span=span), horizontal_bars(bars),
          "correction_reasons", rows.drop("all_orders").rename({"member": "correction_reason"}), kpi="order_error_rate")  # fmt: skip


def largest_leakages(publication: Publication, unit: str) -> None:
    """The lines that gave away most beyond the policy without an approval, with file and line."""
    rows = goods_table(publication, "largest_leakages", unit, grain())
    span = recent_words(grain())
    answer = (
        _("No discount was beyond the policy: {span}.") if rows.is_empty() else _("Given without approval, {span}.")
    )
    listing(publication, "fct_order_lines", unit, _("Which discounts went furthest beyond the policy?"), answer.format(span=span), rows,
            kpi="discount_compliance")  # fmt: skip
