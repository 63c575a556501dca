-- The company's score is the mean of its objectives: sum of their scores over their number.
select
    date_day,
    business_unit,
    objective,
    cast(sum(score) as decimal(18, 4)) as numerator,
    cast(count(*) as decimal(18, 4)) as denominator,
    cast(count(*) as bigint) as count_records
from {{ ref('fct_objective_days') }}
group by date_day, business_unit, objective
