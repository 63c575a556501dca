"""ECD (the digital ledger): I050 → accounts, I150 and I155 → balances, I200 and I250 → journal lines.

Positions are those of the published layout 9, whose fields older layouts share. Closing entries (IND_LCTO E) are
marked, for they set the result of December to zero.
"""

# ruff: noqa: S608 — names of records and columns are those of these modules.

from __future__ import annotations

from typing import TYPE_CHECKING

from ingestion.readers.sped_records import LINES, SpedFile, field

if TYPE_CHECKING:
    import duckdb

ACCOUNTS, JOURNAL, BALANCES = "erp.accounts", "erp.journal_lines", "fiscal.ledger_balances"
MONEY = "decimal(18, 2)"
ELEMENTS = {
    ACCOUNTS: {"account": "COD_CTA", "name": "CTA", "nature": "COD_NAT", "parent_account": "COD_CTA_SUP"},
    JOURNAL: {"entry_id": "NUM_LCTO", "posting_date": "DT_LCTO", "account": "COD_CTA", "entry_kind": "IND_LCTO",
              "debit_brl": "VL_DC", "credit_brl": "VL_DC"},
    BALANCES: {"account": "COD_CTA", "period_end": "DT_FIN", "opening_balance_brl": "VL_SLD_INI",
               "debit_brl": "VL_DEB", "credit_brl": "VL_CRED", "closing_balance_brl": "VL_SLD_FIN"},
}  # fmt: skip
# Fields that a record must have at least, its name among them: later layouts add fields at the end.
SHORTEST = {"I050": 8, "I150": 3, "I155": 9, "I200": 5, "I250": 5}


def stage_ledger(connection: duckdb.DuckDBPyConnection, file: SpedFile) -> dict[str, str]:
    """Make a temporary table of each table's rows; table → relation. Broken lines are in one of them, with why."""
    _parents(connection)
    relations = {ACCOUNTS: "text_sped_accounts", JOURNAL: "text_sped_journal", BALANCES: "text_sped_balances"}
    for name, select in ((JOURNAL, _journal(file)), (BALANCES, _balances(file)), (ACCOUNTS, _accounts(file))):
        connection.execute(f"create or replace temp table {relations[name]} as {select}")
    return relations


def ledger_notes(connection: duckdb.DuckDBPyConnection) -> dict[str, tuple[str, ...]]:
    """What the file's own sums say: the debits of all entries are those of all balances in a whole journal."""
    entries = connection.execute(
        f"select sum({_amount('debit_brl')}), sum({_amount('credit_brl')}) from text_sped_journal"
    ).fetchall()[0]
    balances = connection.execute(
        f"select sum({_amount('debit_brl')}), sum({_amount('credit_brl')}) from text_sped_balances"
    ).fetchall()[0]
    if entries[0] is None or balances[0] is None:
        return {}
    agree = "agree" if entries == balances else "do not agree"
    return {
        BALANCES: (
            f"Debits and credits of the entries ({entries[0]:,.2f}, {entries[1]:,.2f}) and of the balances "
            f"({balances[0]:,.2f}, {balances[1]:,.2f}) {agree}.",
        )
    }


def _amount(column: str) -> str:
    return f"try_cast(replace({column}, ',', '.') as {MONEY})"


def _parents(connection: duckdb.DuckDBPyConnection) -> None:
    """Every line of the ledger with the lines of the period and of the entry that it stands under."""
    connection.execute(
        "create or replace temp table text_sped_ledger as select *, "
        f"{_last('I150')} as period_line, {_last('I200')} as entry_line, "
        f"is_broken or len(fields) < case record {_shortest()} else 0 end + 2 as is_short "
        f"from {LINES} where record in ('I050', 'I150', 'I155', 'I200', 'I250') or is_broken"
    )
    connection.execute(
        "create or replace temp table text_sped_entries as select line as entry_line, is_short as is_entry_broken, "
        f"{field(2)} as number, {field(3)} as posted, {field(4)} as amount, {field(5)} as kind "
        "from text_sped_ledger where record = 'I200'"
    )
    connection.execute(
        "create or replace temp table text_sped_sums as select entry_line, "
        f"sum({_amount(field(4))}) filter (where {field(5)} = 'D') as debits, "
        f"sum({_amount(field(4))}) filter (where {field(5)} = 'C') as credits, "
        f"bool_or(is_short or {_amount(field(4))} is null or {field(5)} is null or {field(5)} not in ('D', 'C')) as is_unreadable "
        "from text_sped_ledger where record = 'I250' group by entry_line"
    )


def _last(record: str) -> str:
    return f"last_value(case when record = '{record}' then line end ignore nulls) over (order by line)"


def _shortest() -> str:
    return " ".join(f"when '{record}' then {fields}" for record, fields in SHORTEST.items())


def _company(file: SpedFile) -> str:
    tax_id = file.tax_id.replace("'", "")
    return f"'{tax_id}' as company, 'unassigned' as business_unit"


def _journal(file: SpedFile) -> str:
    # Numbers of entries are unique in one file only.
    prefix = file.period_start[4:] + file.period_start[2:4]
    lines = "row_number() over (partition by ledger.entry_line order by ledger.line)"
    problem = (
        "case when ledger.record is distinct from 'I250' then 'the line is no record of a SPED file' "
        "when ledger.is_short then 'I250 has too few fields' "
        "when entries.entry_line is null then 'I250 stands before any I200' "
        "when entries.is_entry_broken then 'the entry in line ' || entries.entry_line || ' has too few fields' "
        f"when {field(5)} is null or {field(5)} not in ('D', 'C') "
        f"then 'IND_DC \"' || coalesce({field(5)}, '') || '\" is neither D nor C' "
        "when sums.is_unreadable then 'another line of the entry ' || entries.number || ' cannot be read' "
        "when sums.debits is distinct from sums.credits then 'the entry ' || "
        "entries.number || ' has debits of ' || coalesce(sums.debits, 0) || ' and credits of ' || "
        "coalesce(sums.credits, 0) end"
    )
    return (
        f"select {_company(file)}, '{prefix}/' || entries.number as entry_id, "
        f"cast({lines} as varchar) as line_number, entries.posted as posting_date, "
        "substr(entries.posted, 5, 4) || '-' || substr(entries.posted, 3, 2) as period, "
        f"{field(2)} as account, case when {field(5)} = 'D' then {field(4)} else '0' end as debit_brl, "
        f"case when {field(5)} = 'C' then {field(4)} else '0' end as credit_brl, 'unknown' as source, "
        "'ECD' as module, case when entries.kind = 'E' then 'closing' else 'normal' end as entry_kind, "
        f"{field(3)} as cost_centre, {field(8)} as description, "
        f"ledger.line as _line, ledger.text as _raw_line, {problem} as _problem "
        "from text_sped_ledger as ledger left join text_sped_entries as entries using (entry_line) "
        "left join text_sped_sums as sums using (entry_line) "
        # What is no record at all is told once, here.
        "where ledger.record = 'I250' or (ledger.is_broken and ledger.record is distinct from 'I050' and "
        "ledger.record is distinct from 'I155' and ledger.record is distinct from 'I200' and "
        "ledger.record is distinct from 'I150')"
    )


def _balances(file: SpedFile) -> str:
    def signed(amount: int, side: int) -> str:
        return f"case when {field(side)} = 'C' and {field(amount)} <> '0' then '-' else '' end || {field(amount)}"

    opening, closing = (f"({_amount(signed(amount, side))})" for amount, side in ((4, 5), (8, 9)))
    problem = (
        "case when balances.is_short then 'I155 has too few fields' "
        "when periods.line is null or periods.is_short then 'I155 stands under no whole I150' "
        f"when {opening} + {_amount(field(6))} - {_amount(field(7))} <> {closing} then 'opening balance, debits and "
        "credits do not give the closing balance' end"
    )
    return (
        f"select {_company(file)}, periods.fields[3] as period_start, periods.fields[4] as period_end, "
        "account, cost_centre, opening_balance_brl, debit_brl, credit_brl, closing_balance_brl, "
        "balances.line as _line, balances.text as _raw_line, _problem_of as _problem from ("
        f"select balances.*, {field(2)} as account, {field(3)} as cost_centre, {signed(4, 5)} as opening_balance_brl, "
        f"{field(6)} as debit_brl, {field(7)} as credit_brl, {signed(8, 9)} as closing_balance_brl "
        "from text_sped_ledger as balances where record = 'I155') as balances "
        "left join text_sped_ledger as periods on periods.line = balances.period_line"
    ).replace("_problem_of", problem.replace("fields[", "balances.fields["))


def _accounts(file: SpedFile) -> str:
    # The layout calls revenue and expense alike a result: what is booked, closing entries aside, tells them apart.
    sides = (
        "select account, sum(coalesce(" + _amount("credit_brl") + ", 0) - coalesce(" + _amount("debit_brl") + ", 0)) "
        "as credits from text_sped_journal where entry_kind = 'normal' and _problem is null group by account"
    )
    nature = (
        f"case {field(3)} when '01' then 'asset' when '02' then 'liability' when '03' then 'equity' when '04' then "
        "case when sides.credits > 0 then 'revenue' when sides.credits < 0 then 'expense' else 'result' end "
        f"when '05' then 'memorandum' when '09' then 'memorandum' else {field(3)} end"
    )
    return (
        f"select {_company(file)}, {field(6)} as account, {field(8)} as name, {nature} as nature, "
        f"{field(7)} as parent_account, line as _line, text as _raw_line, "
        "case when is_short then 'I050 has too few fields' end as _problem "
        f"from text_sped_ledger left join ({sides}) as sides on sides.account = {field(6)} where record = 'I050'"
    )
