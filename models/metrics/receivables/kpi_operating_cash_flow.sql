-- Direct method: what came in and went out of the bank accounts. Transfers between them are neither.
select
    posted_date as date_day,
    business_unit,
    category,
    {{ components('sum(amount_brl)', 'null') }}
from {{ ref('fct_bank_transactions') }}
where activity = 'operating'
group by
    posted_date,
    business_unit,
    category
