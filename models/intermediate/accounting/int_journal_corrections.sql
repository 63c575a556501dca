-- Origin entries that a later entry corrects, with a stated reason. A reversal without one is routine
-- (an accrual undone in the next month), not an error.
-- Reversed: origin and corrections together leave every account at zero. Reclassified: something stays.
with

corrections as (
    select
        company,
        entry_id,
        reverses_entry_id as origin_entry_id,
        posting_date,
        correction_reason
    from {{ ref('int_journal_entries_totalled') }}
    where
        reverses_entry_id is not null
        and correction_reason is not null
        and reverses_entry_id <> entry_id
),

origins as (
    select
        company,
        origin_entry_id,
        min(posting_date) as correction_date,
        min_by(entry_id, posting_date) as correction_entry_id,
        min_by(correction_reason, posting_date) as correction_reason
    from corrections
    group by
        company,
        origin_entry_id
),

members as (
    select
        company,
        origin_entry_id,
        origin_entry_id as entry_id
    from origins
    union all
    select
        company,
        origin_entry_id,
        entry_id
    from corrections
),

remainders as (
    select
        members.company,
        members.origin_entry_id,
        journal_lines.account,
        sum(journal_lines.debit_brl - journal_lines.credit_brl) as remainder_brl
    from members
    inner join {{ ref('stg_erp__journal_lines') }} as journal_lines
        on
            members.company = journal_lines.company
            and members.entry_id = journal_lines.entry_id
    group by
        members.company,
        members.origin_entry_id,
        journal_lines.account
),

kinds as (
    select
        company,
        origin_entry_id,
        case when max(abs(remainder_brl)) = 0 then 'reversed' else 'reclassified' end as correction_kind
    from remainders
    group by
        company,
        origin_entry_id
)

select
    origins.company,
    origins.origin_entry_id as entry_id,
    origins.correction_entry_id,
    origins.correction_date,
    origins.correction_reason,
    kinds.correction_kind
from origins
inner join kinds
    on
        origins.company = kinds.company
        and origins.origin_entry_id = kinds.origin_entry_id
