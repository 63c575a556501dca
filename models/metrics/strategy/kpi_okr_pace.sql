-- Progress over the share of the cycle elapsed. No rows before the cycle starts: pace is not applicable then.
select
    date_day,
    business_unit,
    objective,
    cast(sum(score) as decimal(18, 4)) as numerator,
    cast(sum(elapsed_share) as decimal(18, 4)) as denominator,
    cast(count(*) as bigint) as count_records
from {{ ref('fct_objective_days') }}
group by date_day, business_unit, objective
