-- By number of lines. The line is the unit: one line that pays forty documents counts once.
select
    posted_date as date_day,
    business_unit,
    category,
    {{ components('sum(case when is_reconciled then 1 else 0 end)', 'count(*)') }}
from {{ ref('fct_bank_transactions') }}
group by
    posted_date,
    business_unit,
    category
