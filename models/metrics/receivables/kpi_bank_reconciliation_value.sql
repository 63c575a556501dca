-- By value moved, in and out alike.
select
    posted_date as date_day,
    business_unit,
    category,
    {{ components('sum(case when is_reconciled then abs(amount_brl) else 0 end)', 'sum(abs(amount_brl))') }}
from {{ ref('fct_bank_transactions') }}
group by
    posted_date,
    business_unit,
    category
