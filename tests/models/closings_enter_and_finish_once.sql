-- Every closing enters at age 0 once, and finishes once when it is locked.
with

segments as (
    select
        sum(case when entry_age = 0 then cases else 0 end) as count_entered,
        sum(case when is_finished then cases else 0 end) as count_finished
    from {{ ref('kpi_days_to_close') }}
),

closings as (
    select
        -- A period that ended before a weekend has no day to count yet.
        sum(case when is_locked or age_business_days > 0 then 1 else 0 end) as count_entered,
        sum(case when is_locked then 1 else 0 end) as count_finished
    from {{ ref('fct_closings') }}
)

select
    segments.count_entered,
    closings.count_entered as closings_entered,
    segments.count_finished,
    closings.count_finished as closings_finished
from segments
cross join closings
where
    coalesce(segments.count_entered, 0) <> coalesce(closings.count_entered, 0)
    or coalesce(segments.count_finished, 0) <> coalesce(closings.count_finished, 0)
