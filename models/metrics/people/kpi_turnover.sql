select
    date_day,
    business_unit,
    department,
    cast(leavers as decimal(18, 4)) as flow,
    cast(closing_headcount as decimal(18, 4)) as balance,
    cast(leavers as bigint) as count_records
from {{ ref('fct_headcount_days') }}
