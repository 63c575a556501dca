-- Realised, to date: plans have no return on investment until they happen.
select
    date_day,
    business_unit,
    project_id as project,
    cast(sum(benefit_to_date_brl - cost_to_date_brl) as decimal(18, 4)) as numerator,
    cast(sum(cost_to_date_brl) as decimal(18, 4)) as denominator,
    cast(count(*) as bigint) as count_records
from {{ ref('int_project_days') }}
where date_day >= first_flow_date
group by date_day, business_unit, project_id
