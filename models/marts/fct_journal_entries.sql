-- One row a journal entry. The error stands on the origin entry, at its own date: a correction made later
-- restates the period in which the mistake was made.
with

entries as (
    select * from {{ ref('int_journal_entries_totalled') }}
),

judged as (
    select
        entries.*,
        entries.debit_brl <> entries.credit_brl as is_unbalanced,
        corrections.correction_kind,
        corrections.correction_entry_id,
        corrections.correction_date,
        corrections.correction_reason as correction_reason_given,
        duplicates.first_entry_id
    from entries
    left join {{ ref('int_journal_corrections') }} as corrections
        on
            entries.company = corrections.company
            and entries.entry_id = corrections.entry_id
    left join {{ ref('int_journal_duplicates') }} as duplicates
        on
            entries.company = duplicates.company
            and entries.entry_id = duplicates.entry_id
),

named as (
    select
        *,
        case
            when correction_kind is not null then correction_kind
            when is_unbalanced then 'unbalanced'
            when is_wrong_period then 'wrong_period'
            when first_entry_id is not null then 'duplicate'
            else 'none'
        end as error_kind
    from judged
)

select
    company || '|' || entry_id as journal_entry_id,
    company,
    business_unit,
    entry_id,
    posting_date,
    period,
    source,
    module,
    preparer,
    is_closing,
    -- Year-end closing entries are arithmetic of the system, and entries dated ahead are plans: neither is counted.
    not is_closing and posting_date <= {{ as_of_date() }} as is_measured,
    count_lines,
    cast(debit_brl as decimal(18, 2)) as debit_brl,
    cast(credit_brl as decimal(18, 2)) as credit_brl,
    cast(value_brl as decimal(18, 2)) as value_brl,
    error_kind <> 'none' as is_error,
    error_kind,
    is_unbalanced,
    is_wrong_period,
    first_entry_id is not null as is_duplicate,
    first_entry_id as duplicate_of_entry_id,
    correction_entry_id,
    correction_date,
    correction_reason_given as correction_reason,
    reverses_entry_id,
    source_file_id,
    source_line,
    known_from
from named
