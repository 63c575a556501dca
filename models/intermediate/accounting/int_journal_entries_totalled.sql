-- The entry is the unit: lines are summed, the first line gives what an entry has only once.
-- A table, since four models read it and a view would sum the lines four times.
{{ config(materialized='table') }}

with

lines as (
    select * from {{ ref('stg_erp__journal_lines') }}
)

select
    company,
    entry_id,
    min_by(business_unit, line_number) as business_unit,
    min(posting_date) as posting_date,
    min_by(period, line_number) as period,
    min_by(source, line_number) as source,
    min_by(module, line_number) as module,
    min_by(preparer, line_number) as preparer,
    max(case when entry_kind = 'closing' then 1 else 0 end) = 1 as is_closing,
    max(reverses_entry_id) as reverses_entry_id,
    max(correction_reason) as correction_reason,
    count(*) as count_lines,
    sum(debit_brl) as debit_brl,
    sum(credit_brl) as credit_brl,
    -- Some systems write a reversal as a negative debit: the value moved is what counts.
    greatest(sum(abs(debit_brl)), sum(abs(credit_brl))) as value_brl,
    max(case when {{ year_month('posting_date') }} <> period then 1 else 0 end) = 1 as is_wrong_period,
    min(account) as first_account,
    max(account) as last_account,
    min_by(source_file_id, line_number) as source_file_id,
    min_by(source_line, line_number) as source_line,
    max(known_from) as known_from
from lines
group by
    company,
    entry_id
