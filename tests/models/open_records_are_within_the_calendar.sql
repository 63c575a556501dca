-- Balances roll from day to day over the calendar: what was received or due before its first day stands on that day.
-- Most likely a year is mistyped, and this names the rows.
{{ config(severity='warn') }}

with records as (

    select
        'payables' as records_of,
        least(receipt_date, effective_due_date) as first_day,
        source_file_id,
        source_line
    from {{ ref('fct_payables') }}
    where is_measured

    union all

    select
        'receivables' as records_of,
        least(issue_date, effective_due_date) as first_day,
        source_file_id,
        source_line
    from {{ ref('fct_receivables') }}
    where is_measured

),

calendar as (

    select min(date_day) as first_day from {{ ref('dim_dates') }}

)

select
    records.records_of,
    records.source_file_id,
    records.source_line,
    records.first_day
from records
cross join calendar
where records.first_day < calendar.first_day
