"""What is open by how long it is overdue: bars in order of age, and the sentence that sums them up."""

from __future__ import annotations

from collections.abc import Mapping

import polars as pl

from dashboard import formats
from dashboard.charts.bars import Bar, horizontal_bars
from dashboard.charts.template import ORDINARY, WORSE
from dashboard.components.area import empty, panel
from dashboard.language import N_, _, plural
from dashboard.published import Publication

NOT_OVERDUE, OLDEST = "not_overdue", "over_90"
AGES = {
    NOT_OVERDUE: N_("not due yet"),
    "1_to_30": N_("1–30 days overdue"),
    "31_to_60": N_("31–60 days overdue"),
    "61_to_90": N_("61–90 days overdue"),
    OLDEST: N_("over 90 days overdue"),
}


def counted_by_band(found: Mapping[str, int], bands: Mapping[str, str]) -> tuple[list[Bar], str]:
    """A bar a band (`bands`: code → words; those that are overdue begin so), and `3 of 12 open are overdue.`"""
    bars = [
        Bar(_(words), count, formats.number(count), WORSE if band.startswith("overdue") else ORDINARY)
        for band, words in bands.items()
        for count in (found.get(band, 0),)
    ]
    overdue = sum(count for band, count in found.items() if band.startswith("overdue"))
    answer = plural("{overdue} of {open} open is overdue.", "{overdue} of {open} open are overdue.", overdue)
    return bars, answer.format(overdue=formats.number(overdue), open=formats.number(sum(found.values())))


def money_by_age(
    publication: Publication, unit: str, question: str, rows: pl.DataFrame, *, mart: str, key: str, kpi: str
) -> None:
    """The panel of an ageing: `rows` have `ageing_band` (one of AGES), `documents` and `amount_brl`."""
    if rows.is_empty():
        empty(publication, mart, unit, question, _("Nothing is open."))
        return
    found = {
        band: (documents, amount)
        for band, documents, amount in rows.select("ageing_band", "documents", "amount_brl").iter_rows()
    }
    amounts = {band: found.get(band, (0, 0.0))[1] for band in AGES}
    counts = {band: found.get(band, (0, 0.0))[0] for band in AGES}
    bars = []
    for band, words in AGES.items():
        money, count = formats.money_compact(amounts[band]), formats.number(counts[band])
        told = plural("{count} document", "{count} documents", counts[band]).format(count=count)
        colour = ORDINARY if band == NOT_OVERDUE else WORSE
        bars.append(Bar(_(words), amounts[band], f"{money} · {count}", colour, f"{_(words)}: {money}, {told}"))
    whole = sum(amounts.values())
    overdue = whole - amounts[NOT_OVERDUE]
    answer = _("{overdue} of {whole} are overdue ({share}); {old} for more than 90 days.").format(
        overdue=formats.money_compact(overdue), whole=formats.money_compact(whole),
        share=formats.percent(overdue / whole if whole else 0, 0), old=formats.money_compact(amounts[OLDEST]),
    )  # fmt: skip
    table = pl.DataFrame(
        {
            "ageing_band": [_(words) for words in AGES.values()],
            "documents": list(counts.values()),
            "amount_brl": list(amounts.values()),
        }
    )
    panel(publication, question, answer, horizontal_bars(bars), key, table, kpi=kpi,
          note=_("Money and number of documents."))  # fmt: skip


def who_owes(rows: pl.DataFrame) -> tuple[str, pl.DataFrame]:
    """The sentence above a list of the parties to whom, or from whom, most is overdue, and the list without its totals."""
    if rows.is_empty():
        return _("Nothing is overdue."), rows
    parties, amount = rows.select("parties", "all_brl").row(0)
    answer = _("{amount} in all.") if parties <= rows.height else _("The {shown} largest of {count}, {amount} in all.")
    answer = answer.format(
        shown=formats.number(rows.height), count=formats.number(parties), amount=formats.money_compact(amount)
    )
    return answer, rows.drop("parties", "all_brl")
