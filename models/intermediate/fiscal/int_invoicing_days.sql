-- Shipments cut at local calendar days while they wait for their note: the minutes of age passed through on each day.
with

shipments as (
    select
        company,
        business_unit,
        shipment_id,
        warehouse,
        is_invoiced,
        {{ local_timestamp('shipped_at') }} as start_at,
        greatest(
            {{ local_timestamp('shipped_at') }},
            {{ local_timestamp('coalesce(authorised_at, ' ~ as_of_timestamp() ~ ')') }}
        ) as stop_at
    from {{ ref('fct_shipment_invoices') }}
),

days as (
    select
        shipments.company,
        shipments.business_unit,
        shipments.shipment_id,
        shipments.warehouse,
        shipments.is_invoiced,
        shipments.start_at,
        shipments.stop_at,
        dates.date_day,
        greatest(shipments.start_at, cast(dates.date_day as timestamp)) as from_at,
        least(shipments.stop_at, cast({{ add_days('dates.date_day', 1) }} as timestamp)) as to_at
    from shipments
    inner join {{ ref('dim_dates') }} as dates
        on
            dates.date_day >= cast(shipments.start_at as date)
            and dates.date_day <= cast(shipments.stop_at as date)
),

aged as (
    select
        *,
        {{ minutes_between('start_at', 'from_at') }} as entry_age,
        {{ minutes_between('start_at', 'to_at') }} as minutes_to_date,
        {{ minutes_between('start_at', 'stop_at') }} as minutes_in_all,
        is_invoiced and date_day = cast(stop_at as date) as is_finished
    from days
)

select
    company,
    business_unit,
    shipment_id,
    warehouse,
    date_day,
    cast(entry_age as integer) as entry_age,
    -- finished without a minute on that day: one minute, so that each case counts once at each age
    cast(
        case when is_finished and minutes_to_date = entry_age then entry_age + 1 else minutes_to_date end as integer
    ) as exit_age,
    is_finished
from aged
where
    is_finished
    or minutes_to_date > entry_age
    -- the only trace of a case that has not aged a minute
    or (minutes_in_all = 0 and not is_invoiced and date_day = cast(start_at as date))
