with opened as (

    select *
    from {{ ref('fct_tickets') }}
    where
        not is_cancelled
        and opened_date <= {{ as_of_date() }}

)

select
    opened_date as date_day,
    business_unit,
    desk,
    priority,
    cast(count(*) as decimal(18, 4)) as numerator,
    cast(null as decimal(18, 4)) as denominator,
    cast(count(*) as bigint) as count_records
from opened
group by opened_date, business_unit, desk, priority
