-- Entries posted twice: the same day, unit, source, module and lines (account, debit, credit) under two numbers.
-- The first is right, each later one is the error. Corrections are no duplicates, and neither is an entry that was
-- posted again after the first one had been reversed.
with

entries as (
    select * from {{ ref('int_journal_entries_totalled') }}
),

reversed_entries as (
    select
        company,
        reverses_entry_id as entry_id
    from entries
    where reverses_entry_id is not null
    group by
        company,
        reverses_entry_id
),

standing as (
    select entries.*
    from entries
    left join reversed_entries
        on
            entries.company = reversed_entries.company
            and entries.entry_id = reversed_entries.entry_id
    where
        entries.reverses_entry_id is null
        and reversed_entries.entry_id is null
        and not entries.is_closing
),

-- Cheap sums first: only entries alike in them are worth comparing line by line.
alike as (
    select
        *,
        count(*) over (
            partition by
                company,
                business_unit,
                posting_date,
                source,
                module,
                count_lines,
                debit_brl,
                credit_brl,
                first_account,
                last_account
        ) as count_alike
    from standing
),

signed as (
    select
        alike.company,
        alike.entry_id,
        alike.business_unit,
        alike.posting_date,
        alike.source,
        alike.module,
        {{ ordered_text(
            "journal_lines.account || ':' || cast(journal_lines.debit_brl as varchar) || ':' "
            ~ "|| cast(journal_lines.credit_brl as varchar)",
            "journal_lines.account, journal_lines.debit_brl, journal_lines.credit_brl"
        ) }} as signature
    from alike
    inner join {{ ref('stg_erp__journal_lines') }} as journal_lines
        on
            alike.company = journal_lines.company
            and alike.entry_id = journal_lines.entry_id
    where alike.count_alike > 1
    group by
        alike.company,
        alike.entry_id,
        alike.business_unit,
        alike.posting_date,
        alike.source,
        alike.module
),

numbered as (
    select
        company,
        entry_id,
        first_value(entry_id) over (
            partition by company, business_unit, posting_date, source, module, signature
            order by entry_id
        ) as first_entry_id
    from signed
)

select
    company,
    entry_id,
    first_entry_id
from numbered
where entry_id <> first_entry_id
