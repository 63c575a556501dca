-- The life tables hold every ticket that was not cancelled exactly once at age 0, and every finish once.
with

tickets as (
    select
        count(*) as count_entered,
        sum(case when resolved_date is not null then 1 else 0 end) as count_resolved,
        sum(case when first_reply_date is not null then 1 else 0 end) as count_replied
    from {{ ref('fct_tickets') }}
    where
        not is_cancelled
        and opened_at <= {{ as_of_timestamp() }}
),

resolution as (
    select
        sum(case when entry_age = 0 then cases else 0 end) as count_entered,
        sum(case when is_finished then cases else 0 end) as count_finished
    from {{ ref('kpi_resolution_time') }}
),

first_response as (
    select
        sum(case when entry_age = 0 then cases else 0 end) as count_entered,
        sum(case when is_finished then cases else 0 end) as count_finished
    from {{ ref('kpi_first_response_time') }}
)

select
    tickets.count_entered,
    resolution.count_entered as count_entered_resolution,
    first_response.count_entered as count_entered_first_response,
    tickets.count_resolved,
    resolution.count_finished as count_finished_resolution,
    tickets.count_replied,
    first_response.count_finished as count_finished_first_response
from tickets
cross join resolution
cross join first_response
where
    tickets.count_entered <> coalesce(resolution.count_entered, 0)
    or tickets.count_entered <> coalesce(first_response.count_entered, 0)
    or coalesce(tickets.count_resolved, 0) <> coalesce(resolution.count_finished, 0)
    or coalesce(tickets.count_replied, 0) <> coalesce(first_response.count_finished, 0)
