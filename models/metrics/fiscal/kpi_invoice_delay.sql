-- Shipments cut at calendar days, by the minutes that they went without an authorised note.
select
    date_day,
    business_unit,
    warehouse,
    entry_age,
    exit_age,
    is_finished,
    cast(count(*) as bigint) as cases
from {{ ref('int_invoicing_days') }}
group by
    date_day,
    business_unit,
    warehouse,
    entry_age,
    exit_age,
    is_finished
