-- The part of the cancellations that came after the state's limit, over the same whole as the cancellation rate.
select
    authorised_date as date_day,
    business_unit,
    model,
    direction,
    {{ components('sum(case when is_cancelled_late then 1 else 0 end)', 'count(*)') }}
from {{ ref('fct_fiscal_documents') }}
where is_counted
group by
    authorised_date,
    business_unit,
    model,
    direction
