select
    date_day,
    business_unit,
    project_id as project,
    cast(sum(cost_to_date_brl - approved_amount_brl) as decimal(18, 4)) as numerator,
    cast(sum(approved_amount_brl) as decimal(18, 4)) as denominator,
    cast(count(*) as bigint) as count_records
from {{ ref('int_project_days') }}
group by date_day, business_unit, project_id
