"""What moves the bank accounts: payments, receipts, wages, taxes, fees, loans.

Every function returns the columns of `MOVEMENT`: money in cents, in is positive.
"""

from __future__ import annotations

from datetime import date

import numpy as np
import polars as pl

from pipeline.sample.company import AS_OF, FIRST_DAY, UNITS, random_stream
from pipeline.sample.receivables import settled_until
from pipeline.sample.working_time import banking_days, next_banking_day, previous_banking_day

MOVEMENT = ("business_unit", "posted_date", "amount_brl", "transaction_type", "memo", "check_number", "ledger")
# spend categories that are paid one by one; the others go out in one batch a day
BY_PIX, BY_DOCUMENT = "Serviços", "Energia e água"
THIRD_PARTIES = ("Holding Capibaribe Participações", "Auto Posto Serra Azul", "Consórcio Bela Mesa")
CARD_SALES_EVERY = 7  # days
_WEEKLY_CARD_SALES = {"MTZ": 6_400_000, "SUL": 7_700_000, "NE": 3_000_000, "CO": 2_200_000}
_MONTHLY_PAYROLL = {"MTZ": 14_000_000, "SUL": 9_000_000, "NE": 7_000_000, "CO": 5_000_000}
_MONTHLY_TAXES = {"MTZ": 5_200_000, "SUL": 3_400_000, "NE": 2_200_000, "CO": 1_800_000}
NOT_IN_LEDGER_SHARE = 0.08  # of the fees: nobody has posted them yet, so nothing matches them


def _movements(rows: pl.DataFrame, memo: pl.Expr, kind: str, ledger: str | None = None) -> pl.DataFrame:
    """Rows with unit, date and amount as movements; ``ledger`` is the account against which they are posted."""
    has_number = "check_number" in rows.columns
    return rows.with_columns(
        transaction_type=pl.lit(kind),
        memo=memo,
        check_number=pl.col("check_number") if has_number else pl.lit(None, pl.String),
        ledger=pl.lit(ledger, pl.String),
    ).select(MOVEMENT)


def supplier_payments(payables: pl.DataFrame) -> pl.DataFrame:
    """What the ERP says was paid: services by PIX, utilities with the document's number, the rest in daily batches."""
    paid = payables.filter(~pl.col("is_cancelled") & (pl.col("paid_date") <= AS_OF)).with_columns(
        posted_date="paid_date", amount_brl=-pl.col("paid_amount_brl")
    )
    name = pl.col("supplier_name").str.to_uppercase().str.slice(0, 24)
    by_pix = paid.filter(pl.col("category") == BY_PIX)
    by_document = paid.filter(pl.col("category") == BY_DOCUMENT).with_columns(check_number=pl.col("document"))
    batches = (
        paid.filter(~pl.col("category").is_in([BY_PIX, BY_DOCUMENT]))
        .group_by("business_unit", "posted_date")
        .agg(pl.col("amount_brl").sum(), count=pl.len())
    )
    return pl.concat(
        [
            _movements(batches, pl.format("SISPAG FORNECEDORES {} TÍTULOS", "count"), "DEBIT"),
            _movements(by_pix, pl.format("PIX ENVIADO {}", name), "DEBIT"),
            _movements(by_document, pl.format("PAGTO CONTA CONCESSIONÁRIA {}", "document"), "DEBIT"),
        ]
    )


def customer_receipts() -> pl.DataFrame:
    """What customers paid: boletos in one line a day, the others alone, a few several invoices at once.

    A third party's money comes under another name, and so for invoices that nobody can tell from the line.
    """
    rows = settled_until(AS_OF).with_columns(posted_date="settled_date", received_brl="settled_amount_brl")
    boletos = (
        rows.filter(pl.col("means") == "boleto")
        .group_by("business_unit", "posted_date")
        .agg(amount_brl=pl.col("received_brl").sum(), count=pl.len())
    )
    several = (
        rows.filter(pl.col("means") == "ted_several")
        .group_by("business_unit", "posted_date", "customer_name")
        .agg(amount_brl=pl.col("received_brl").sum())
    )
    single = rows.with_columns(amount_brl="received_brl")
    strangers = single.filter(pl.col("means") == "third_party")
    strangers = strangers.with_columns(
        stranger=pl.Series([THIRD_PARTIES[number % len(THIRD_PARTIES)].upper() for number in range(strangers.height)])
    )
    name = pl.col("customer_name").str.to_uppercase().str.slice(0, 26)
    documented = single.filter(pl.col("means") == "ted_document")
    return pl.concat(
        [
            _movements(boletos, pl.format("COBRANÇA LIQUIDAÇÃO {} TÍTULOS", "count"), "CREDIT"),
            _movements(single.filter(pl.col("means") == "pix"), pl.format("PIX RECEBIDO {}", name), "CREDIT"),
            _movements(documented, pl.format("TED RECEBIDA NF {}", "document"), "CREDIT"),
            _movements(several, pl.format("TED RECEBIDA {}", name), "CREDIT"),
            _movements(strangers, pl.format("TED RECEBIDA {}", "stranger"), "CREDIT"),
        ]
    )


def _scheduled(days: np.ndarray, amounts: dict[str, int], stream: np.random.Generator, spread: float) -> pl.DataFrame:
    """The same days for every unit, each amount within its spread."""
    frames = []
    for unit in UNITS:
        amount = np.round(amounts[unit] * stream.uniform(1 - spread, 1 + spread, len(days))).astype(np.int64)
        frames.append(
            pl.DataFrame({"posted_date": days, "amount_brl": amount}).with_columns(business_unit=pl.lit(unit))
        )
    return pl.concat(frames)


def other_movements() -> pl.DataFrame:
    """Card sales of every week, and of every month wages, taxes, fees, a loan's instalment, interest, equipment."""
    stream = random_stream("bank_movements")
    months = np.arange(np.datetime64(FIRST_DAY, "M"), np.datetime64(AS_OF, "M") + 1).astype("datetime64[D]")
    weeks = np.arange(np.datetime64(FIRST_DAY, "D"), np.datetime64(AS_OF, "D"), CARD_SALES_EVERY) + 1
    cards = _scheduled(next_banking_day(weeks), _WEEKLY_CARD_SALES, stream, 0.12)
    wages = _scheduled(previous_banking_day(months + 4), {u: -a for u, a in _MONTHLY_PAYROLL.items()}, stream, 0.03)
    taxes = _scheduled(previous_banking_day(months + 19), {u: -a for u, a in _MONTHLY_TAXES.items()}, stream, 0.15)
    fees = _scheduled(previous_banking_day(months + 9), dict.fromkeys(UNITS, -14_000), stream, 0.35)
    posted = pl.Series(stream.random(fees.height) >= NOT_IN_LEDGER_SHARE)
    loan = _scheduled(next_banking_day(months[2:] + 14), {**dict.fromkeys(UNITS, 0), "MTZ": -6_800_000}, stream, 0.0)
    interest = _scheduled(previous_banking_day(months + 27), dict.fromkeys(UNITS, 310_000), stream, 0.3)
    vans = pl.DataFrame(
        {
            "business_unit": ["MTZ", "SUL", "NE"],
            "posted_date": [date(2025, 2, 18), date(2025, 9, 16), date(2026, 5, 19)],
            "amount_brl": [-14_500_000, -13_900_000, -15_200_000],
        }
    )
    return pl.concat(
        [
            _movements(cards, pl.lit("CRÉDITO VENDAS CARTÃO"), "CREDIT", "1.1.02.010"),
            _movements(wages, pl.lit("FOLHA DE PAGAMENTO"), "DEBIT", "2.1.03.001"),
            _movements(taxes, pl.lit("DARF TRIBUTOS FEDERAIS"), "DEBIT", "2.1.04.002"),
            _movements(fees.filter(posted), pl.lit("TARIFA MANUTENÇÃO CONTA"), "DEBIT", "4.1.09.001"),
            _movements(fees.filter(~posted), pl.lit("TARIFA MANUTENÇÃO CONTA"), "DEBIT"),
            _movements(loan.filter(pl.col("amount_brl") != 0), pl.lit("PARCELA EMPRÉSTIMO CAPITAL DE GIRO"), "DEBIT",
                       "2.1.06.001"),
            _movements(interest, pl.lit("RENDIMENTO APLICAÇÃO AUTOMÁTICA"), "CREDIT", "3.4.01.001"),
            _movements(vans, pl.lit("TED ENVIADA COMPRA VEÍCULO UTILITÁRIO"), "DEBIT", "1.2.03.001"),
        ]
    ).filter(pl.col("posted_date").is_between(FIRST_DAY, AS_OF))  # fmt: skip


def own_transfers(movements: pl.DataFrame) -> pl.DataFrame:
    """Every second Friday the units send what they have above the opening balance to the head office, or get what lacks.

    Two lines a transfer: out of one account, into the other, mostly on the same day, some the next banking day.
    """
    stream = random_stream("bank_transfers")
    fridays = np.arange(np.datetime64("2024-06-14"), np.datetime64(AS_OF, "D") - 3, 14)
    fridays = previous_banking_day(fridays)
    open_days = banking_days(FIRST_DAY, AS_OF)
    rows = []
    for unit in UNITS[1:]:
        of_unit = movements.filter(pl.col("business_unit") == unit).sort("posted_date")
        sums = of_unit["amount_brl"].cum_sum().to_numpy()
        places = np.searchsorted(of_unit["posted_date"].to_numpy().astype("datetime64[D]"), fridays, side="right")
        sent = 0
        for day, place in zip(fridays, places, strict=True):
            surplus = (int(sums[place - 1]) if place else 0) - sent
            amount = int(round(surplus / 1_000_000) * 1_000_000)
            if abs(amount) < 5_000_000:
                continue
            sent += amount
            arrival = day if stream.random() < 0.85 else open_days[np.searchsorted(open_days, day, side="right")]
            payer, payee = (unit, "MTZ") if amount > 0 else ("MTZ", unit)
            rows.append((payer, day.item(), -abs(amount), "DEBIT", f"TRANSF ENTRE CONTAS {payee}"))
            rows.append((payee, arrival.item(), abs(amount), "CREDIT", f"TRANSF ENTRE CONTAS {payer}"))
    return pl.DataFrame(rows, schema=["business_unit", "posted_date", "amount_brl", "transaction_type", "memo"],
                        orient="row").with_columns(
        check_number=pl.lit(None, pl.String), ledger=pl.lit(None, pl.String)
    ).select(MOVEMENT)  # fmt: skip
