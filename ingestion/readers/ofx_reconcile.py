"""Does a statement add up? Opening balance + movements = LEDGERBAL, wherever an opening balance is known."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import duckdb


@dataclass(frozen=True)
class Totals:
    """What one statement says: dated movements, its ledger balance and, if it has one, its own opening balance."""

    bank_id: str
    account_id: str
    movements: tuple[tuple[date, Decimal], ...]
    first_day: date | None
    balance_date: date
    balance: Decimal
    opening: tuple[date, Decimal] | None
    is_complete: bool  # no movement of it went to quarantine


def reconcile(connection: duckdb.DuckDBPyConnection, totals: Totals) -> str | None:
    """One sentence for the load report, or None where there is nothing to say.

    The opening balance is the statement's own ("SALDO ANTERIOR") or the account's last balance loaded before. With
    neither, the balance that the statement implies is told, so that it can be compared with the bank's.
    """
    account = f"account …{totals.account_id[-4:]}"
    ledger = f"LEDGERBAL {totals.balance:,.2f} on {totals.balance_date.isoformat()}"
    opening = totals.opening or _last_balance(connection, totals)
    if opening is None:
        until = [amount for day, amount in totals.movements if day <= totals.balance_date]
        moved = sum(until, Decimal(0))
        return (
            f"{account}: {ledger}, movements {moved:,.2f}: implies an opening balance of "
            f"{totals.balance - moved:,.2f}. No earlier balance is loaded to check it against."
        )
    day, amount = opening
    own = totals.opening is not None
    moved = sum(
        (value for when, value in totals.movements if (own or when > day) and when <= totals.balance_date), Decimal(0)
    )
    if amount + moved == totals.balance:
        return f"{account}: opening {amount:,.2f} + movements {moved:,.2f} = {ledger}. The statement adds up."
    cause = (
        "A movement may be missing or counted twice: compare with the bank's statement."
        if totals.is_complete
        else "Movements of it are in quarantine: mend those first."
    )
    return (
        f"{account}: opening {amount:,.2f} ({day.isoformat()}) + movements {moved:,.2f} = {amount + moved:,.2f}, but "
        f"{ledger}: {totals.balance - amount - moved:,.2f} unexplained. {cause}"
    )


def _last_balance(connection: duckdb.DuckDBPyConnection, totals: Totals) -> tuple[date, Decimal] | None:
    """The account's last known balance before the statement's, if the statement covers every day since."""
    exists = connection.execute(
        "select count(*) from information_schema.tables where table_schema = 'bank' and table_name = 'balances'"
    ).fetchall()
    if not exists[0][0] or totals.first_day is None:
        return None
    found = connection.execute(
        """
        select balance_date, ledger_balance_brl from bank.balances
        where bank_id = ? and account_id = ? and balance_date < ? and _valid_to is null
        order by balance_date desc limit 1
        """,
        [totals.bank_id, totals.account_id, totals.balance_date],
    ).fetchall()
    if not found or totals.first_day > found[0][0] + timedelta(days=1):
        return None
    return found[0][0], found[0][1]
