"""Journal entries and their errors, with a spike of reversals in one module after the ERP change."""

from __future__ import annotations

from datetime import date

import numpy as np
import polars as pl

from pipeline.sample.company import AS_OF, COMPANY, ERP_CHANGE, ERP_CHANGE_END, UNITS, random_stream
from pipeline.sample.working_time import even_arrivals, next_banking_day

WEEKLY_ENTRIES = 60.0
UNIT_SHARES = (0.42, 0.25, 0.19, 0.14)
MODULES = ("Contas a pagar", "Contas a receber", "Estoque", "Folha", "Fiscal", "Contabilidade geral")
MODULE_SHARES = (0.27, 0.25, 0.22, 0.08, 0.10, 0.08)
MIGRATED_MODULE = "Estoque"
REVERSED_SHARE = 0.011
UNBALANCED_SHARE = 0.0012
WRONG_PERIOD_SHARE = 0.0022
DUPLICATED_SHARE = 0.001  # posted a second time under another number
ROUTINE_MODULE = "Contabilidade geral"
ROUTINE_SHARE = 0.15  # of its entries: accruals undone on the first banking day of the next month, no error
SPIKE_SHARE = 0.52  # of the migrated module's entries, between the change and its mending

_ACCOUNTS = {
    "Contas a pagar": ("2.1.01.001", "1.1.01.002", "3.2.04.010"),
    "Contas a receber": ("1.1.02.001", "3.1.01.001", "1.1.01.002"),
    "Estoque": ("1.1.04.001", "3.3.01.001", "2.1.01.001"),
    "Folha": ("3.2.01.001", "2.1.03.001", "2.1.03.005"),
    "Fiscal": ("3.1.02.003", "2.1.04.002", "1.1.05.001"),
    "Contabilidade geral": ("3.2.09.001", "1.2.03.001", "2.1.09.001"),
}
_REASONS = ("Conta errada", "Valor digitado errado", "Centro de custo errado", "Lançado na filial errada")
_SPIKE_REASON = "De-para de contas da migração"


def _entries(stream: np.random.Generator) -> pl.DataFrame:
    """One row an original entry with its error, if any, and the day of its reversal (null: never)."""
    days = even_arrivals(stream, WEEKLY_ENTRIES)
    count = len(days)
    module = stream.choice(MODULES, size=count, p=MODULE_SHARES)
    draw = stream.random(count)
    in_spike = (
        (module == MIGRATED_MODULE)
        & (days >= np.datetime64(ERP_CHANGE, "D"))
        & (days <= np.datetime64(ERP_CHANGE_END, "D"))
    )
    is_reversed = draw < np.where(in_spike, SPIKE_SHARE, REVERSED_SHARE)
    unbalanced = ~is_reversed & (draw > 1 - UNBALANCED_SHARE)
    wrong_period = ~is_reversed & ~unbalanced & (draw > 1 - UNBALANCED_SHARE - WRONG_PERIOD_SHARE)
    limit = 1 - UNBALANCED_SHARE - WRONG_PERIOD_SHARE
    duplicated = ~is_reversed & (draw <= limit) & (draw > limit - DUPLICATED_SHARE)
    is_routine = (module == ROUTINE_MODULE) & ~is_reversed & (draw < limit - DUPLICATED_SHARE)
    is_routine &= stream.random(count) < ROUTINE_SHARE
    reversal = next_banking_day(days + stream.integers(2, 24, count) + np.where(in_spike, 19, 0))
    reason = np.where(in_spike, _SPIKE_REASON, stream.choice(_REASONS, size=count))
    return pl.DataFrame(
        {
            "business_unit": stream.choice(UNITS, size=count, p=UNIT_SHARES),
            "number": 100_000 + np.arange(count),
            "posting_date": days,
            "module": module,
            "amount": np.round(np.exp(stream.normal(7.9, 0.7, count)) * 100).astype(np.int64),
            "lines": stream.choice((2, 3), size=count, p=(0.66, 0.34)),
            "source": np.where(stream.random(count) < 0.28, "Manual", "Automático"),
            "preparer": np.char.add("usr", stream.integers(11, 29, count).astype(str)),
            "unbalanced": unbalanced,
            "wrong_period": wrong_period,
            "is_duplicated": duplicated,
            "is_routine": is_routine,
            "next_month": next_banking_day((days.astype("datetime64[M]") + 1).astype("datetime64[D]")),
            "reversal_date": reversal,
            "is_reversed": is_reversed,
            "reason": reason,
        }
    )


def _lines(entries: pl.DataFrame) -> pl.DataFrame:
    """The lines of entries: one debit against one or two credits; ``sign`` −1 mirrors them (a reversal)."""
    lines = entries.with_columns(line_number=pl.int_ranges(1, pl.col("lines") + 1)).explode("line_number")
    third = pl.col("amount") // 3
    credit = (
        pl.when(pl.col("line_number") == 1)
        .then(0)
        .when(pl.col("lines") == 2)
        .then(pl.col("amount"))
        .when(pl.col("line_number") == 2)
        .then(pl.col("amount") - third)
        .otherwise(third)
    )
    debit = pl.when(pl.col("line_number") == 1).then(pl.col("amount")).otherwise(0)
    # an unbalanced entry lost ten reais on its second line
    credit = credit - pl.when(pl.col("unbalanced") & (pl.col("line_number") == 2)).then(1000).otherwise(0)
    accounts = pl.DataFrame(
        [(module, line + 1, account) for module, names in _ACCOUNTS.items() for line, account in enumerate(names)],
        schema=["module", "line_number", "account"],
        orient="row",
    ).cast({"line_number": lines.schema["line_number"]})
    return (
        lines.join(accounts, on=["module", "line_number"], how="left", maintain_order="left")
        .with_columns(debit=debit, credit=credit)
        .with_columns(
            debit_brl=pl.when(pl.col("sign") > 0).then("debit").otherwise("credit"),
            credit_brl=pl.when(pl.col("sign") > 0).then("credit").otherwise("debit"),
        )
    )


def _closing_entries() -> pl.DataFrame:
    """The year-end closing entries of each unit: large, and not to be counted."""
    rows = [
        {
            "business_unit": unit,
            "entry_id": f"ENC{year}{unit}",
            "posting_date": date(year, 12, 31),
            "amount": 900_000_000 + 7_000_000 * position,
            "preparer": "usr11",
        }
        for year in (2024, 2025)
        for position, unit in enumerate(UNITS)
    ]
    return pl.DataFrame(rows).with_columns(
        module=pl.lit("Contabilidade geral"),
        lines=pl.lit(2, pl.Int64),
        source=pl.lit("Manual"),
        unbalanced=pl.lit(False),
        period=pl.col("posting_date").dt.strftime("%Y-%m"),
        entry_kind=pl.lit("Encerramento"),
        reverses_entry_id=pl.lit(None, pl.String),
        correction_reason=pl.lit(None, pl.String),
        sign=pl.lit(1),
    )


def journal_truth() -> pl.DataFrame:
    """One row a journal line, in the contract's columns (money in cents), sorted by posting date and entry."""
    stream = random_stream("journal")
    entries = _entries(stream)
    previous_month = pl.col("posting_date").dt.offset_by("-1mo")
    originals = entries.with_columns(
        entry_id=pl.format("LC{}", "number"),
        period=pl.when("wrong_period").then(previous_month).otherwise("posting_date").dt.strftime("%Y-%m"),
        entry_kind=pl.lit("Normal"),
        reverses_entry_id=pl.lit(None, pl.String),
        correction_reason=pl.lit(None, pl.String),
        sign=pl.lit(1),
    )
    reversals = entries.filter("is_reversed").with_columns(
        entry_id=pl.format("ES{}", "number"),
        posting_date=pl.col("reversal_date"),
        period=pl.col("reversal_date").dt.strftime("%Y-%m"),
        entry_kind=pl.lit("Normal"),
        source=pl.lit("Manual"),
        reverses_entry_id=pl.format("LC{}", "number"),
        correction_reason=pl.col("reason"),
        sign=pl.lit(-1),
    )
    routine = entries.filter("is_routine").with_columns(
        entry_id=pl.format("RV{}", "number"),
        posting_date=pl.col("next_month"),
        period=pl.col("next_month").dt.strftime("%Y-%m"),
        entry_kind=pl.lit("Normal"),
        source=pl.lit("Automático"),
        reverses_entry_id=pl.format("LC{}", "number"),
        correction_reason=pl.lit(None, pl.String),
        sign=pl.lit(-1),
    )
    duplicates = originals.filter("is_duplicated").with_columns(entry_id=pl.format("LC{}D", "number"))
    closing = _closing_entries()
    frames = (originals, duplicates, reversals, routine, closing)
    everything = pl.concat([frame.select(closing.columns) for frame in frames], how="vertical_relaxed")
    return (
        _lines(everything)
        .filter(pl.col("posting_date") <= AS_OF)
        .with_columns(company=pl.lit(COMPANY))
        .sort("posting_date", "entry_id", "line_number")
        .select(
            "company", "business_unit", "entry_id", "line_number", "posting_date", "period", "account", "debit_brl",
            "credit_brl", "source", "module", "preparer", "entry_kind", "reverses_entry_id", "correction_reason",
        )
    )  # fmt: skip


def journal_known(truth: pl.DataFrame, day: date) -> pl.DataFrame:
    """The lines posted up to the end of that day; a posted line never changes, corrections are new entries."""
    return truth.filter(pl.col("posting_date") <= day)
