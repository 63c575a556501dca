-- The segments of the picking clock count every released shipment once at age 0, and every picked one once at its end.
with

segments as (
    select
        sum(case when entry_age = 0 then cases else 0 end) as count_entered,
        sum(case when is_finished then cases else 0 end) as count_finished
    from {{ ref('kpi_picking_delay') }}
),

shipments as (
    select
        count(*) as count_released,
        count(picked_at) as count_picked
    from {{ ref('fct_shipments') }}
    where released_at <= {{ as_of_timestamp() }}
)

select
    segments.count_entered,
    shipments.count_released,
    segments.count_finished,
    shipments.count_picked
from segments
cross join shipments
where
    coalesce(segments.count_entered, 0) <> shipments.count_released
    or coalesce(segments.count_finished, 0) <> shipments.count_picked
