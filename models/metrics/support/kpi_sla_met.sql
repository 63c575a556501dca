with due as (

    -- still open within its target: not due yet; without a target: never due
    select *
    from {{ ref('fct_tickets') }}
    where is_within_target is not null

)

select
    due_date as date_day,
    business_unit,
    desk,
    priority,
    cast(sum(case when is_within_target then 1 else 0 end) as decimal(18, 4)) as numerator,
    cast(count(*) as decimal(18, 4)) as denominator,
    cast(count(*) as bigint) as count_records
from due
group by due_date, business_unit, desk, priority
