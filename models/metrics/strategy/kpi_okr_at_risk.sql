select
    date_day,
    business_unit,
    cast(sum(case when is_at_risk then 1 else 0 end) as decimal(18, 4)) as numerator,
    cast(count(*) as decimal(18, 4)) as denominator,
    cast(count(*) as bigint) as count_records
from {{ ref('fct_objective_days') }}
group by date_day, business_unit
