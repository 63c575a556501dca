select
    date_day,
    business_unit,
    department,
    {{ components('closing_headcount', 'null', 'closing_headcount') }}
from {{ ref('fct_headcount_days') }}
