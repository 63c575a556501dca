-- Shipments cut at calendar days, by the minutes that they waited to be picked.
select
    date_day,
    business_unit,
    warehouse,
    entry_age,
    exit_age,
    is_finished,
    cast(count(*) as bigint) as cases
from {{ ref('int_picking_days') }}
group by
    date_day,
    business_unit,
    warehouse,
    entry_age,
    exit_age,
    is_finished
