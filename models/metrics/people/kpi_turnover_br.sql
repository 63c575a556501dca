-- The Brazilian formula: half of admissions and leavers together. Another number than turnover, on the same people.
select
    date_day,
    business_unit,
    department,
    cast((admissions + leavers) / 2.0 as decimal(18, 4)) as flow,
    cast(closing_headcount as decimal(18, 4)) as balance,
    cast(admissions + leavers as bigint) as count_records
from {{ ref('fct_headcount_days') }}
