with lost as (

    select
        absence_date,
        business_unit,
        department,
        sum(lost_hours) as lost_hours
    from {{ ref('fct_absences') }}
    where lost_hours > 0
    group by absence_date, business_unit, department

)

select
    days.date_day,
    days.business_unit,
    days.department,
    {{ components('coalesce(lost.lost_hours, 0)', 'days.contracted_hours', 'days.closing_headcount') }}
from {{ ref('fct_headcount_days') }} as days
left join lost
    on
        days.date_day = lost.absence_date
        and days.business_unit = lost.business_unit
        and days.department = lost.department
where days.contracted_hours > 0
