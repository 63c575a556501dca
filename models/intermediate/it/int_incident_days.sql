-- Incidents cut at calendar days: the ages in minutes that each passed through on that day, night and weekend included.
with days as (

    select
        incidents.business_unit,
        incidents.service,
        dates.date_day,
        incidents.is_open,
        (dates.date_day = cast(incidents.local_until as date)) as is_last_day,
        {{ minutes_between('incidents.local_from',
            'greatest(incidents.local_from, cast(dates.date_day as timestamp))') }} as entry_age,
        {{ minutes_between('incidents.local_from',
            'least(incidents.local_until, cast(' ~ add_days('dates.date_day', 1) ~ ' as timestamp))') }} as exit_age
    from {{ ref('fct_incidents') }} as incidents
    inner join {{ ref('dim_dates') }} as dates
        on dates.date_day between cast(incidents.local_from as date) and cast(incidents.local_until as date)
    where not incidents.is_planned_maintenance

)

select
    date_day,
    business_unit,
    service,
    cast(entry_age as integer) as entry_age,
    -- over within its minute: one minute, so that each case counts once at each age
    cast(case
        when is_last_day and not is_open and exit_age = entry_age then entry_age + 1
        else exit_age
    end as integer) as exit_age,
    (is_last_day and not is_open) as is_finished
from days
