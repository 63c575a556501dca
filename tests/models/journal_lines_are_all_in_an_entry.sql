-- Lines, debits and credits of the entries are those of the lines: nothing is lost between the two grains.
with

entries as (
    select
        sum(count_lines) as count_lines,
        sum(debit_brl) as debit_brl,
        sum(credit_brl) as credit_brl
    from {{ ref('fct_journal_entries') }}
),

journal_lines as (
    select
        count(*) as count_lines,
        sum(debit_brl) as debit_brl,
        sum(credit_brl) as credit_brl
    from {{ ref('fct_journal_lines') }}
)

select
    entries.*,
    journal_lines.count_lines as count_lines_there,
    journal_lines.debit_brl as debit_brl_there,
    journal_lines.credit_brl as credit_brl_there
from entries
cross join journal_lines
where
    coalesce(entries.count_lines, 0) <> journal_lines.count_lines
    or coalesce(entries.debit_brl, 0) <> coalesce(journal_lines.debit_brl, 0)
    or coalesce(entries.credit_brl, 0) <> coalesce(journal_lines.credit_brl, 0)
