-- Every hour lost since the headcount begins stands in the KPI, at its unit, department and day.
with lost as (

    select sum(absences.lost_hours) as hours
    from {{ ref('fct_absences') }} as absences
    cross join {{ ref('int_headcount_start') }} as starts
    where absences.absence_date >= starts.start_date

),

counted as (

    select sum(numerator) as hours from {{ ref('kpi_absenteeism') }}

)

select
    lost.hours,
    counted.hours as hours_in_kpi
from lost
cross join counted
where coalesce(lost.hours, 0) <> coalesce(counted.hours, 0)
