-- Every interruption that was no planned maintenance enters at age 0 once, and finishes once if it is over.
with counted as (

    select
        count(*) as incidents,
        sum(case when is_open then 0 else 1 end) as over_now
    from {{ ref('fct_incidents') }}
    where not is_planned_maintenance

),

segments as (

    select
        sum(case when entry_age = 0 then cases else 0 end) as entered,
        sum(case when is_finished then cases else 0 end) as finished
    from {{ ref('kpi_incident_recovery_time') }}

)

select
    counted.incidents,
    segments.entered,
    counted.over_now,
    segments.finished
from counted
cross join segments
where
    counted.incidents <> coalesce(segments.entered, 0)
    or counted.over_now <> coalesce(segments.finished, 0)
