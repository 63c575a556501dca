with solved as (

    select *
    from {{ ref('fct_tickets') }}
    where
        not is_cancelled
        and resolved_date is not null

)

select
    resolved_date as date_day,
    business_unit,
    desk,
    priority,
    {{ components('sum(case when count_reopened > 0 then 1 else 0 end)', 'count(*)') }}
from solved
group by resolved_date, business_unit, desk, priority
