-- One row a preventive maintenance. Compliant is what was done within a tenth of the interval around its due date.
with orders as (

    select
        *,
        case when done_date <= {{ as_of_date() }} then done_date end as known_done_date,
        (status = 'cancelled') as is_cancelled
    from {{ ref('stg_facilities__maintenance_orders') }}

),

measured as (

    select
        *,
        {{ days_between('due_date', 'coalesce(known_done_date, ' ~ last_full_day() ~ ')') }} as days_from_due
    from orders

)

select
    company,
    business_unit,
    order_id,
    asset,
    asset_class,
    cast(interval_days as integer) as interval_days,
    due_date,
    known_done_date as done_date,
    status,
    is_cancelled,
    cast(case when known_done_date is not null then days_from_due end as integer) as days_from_due,
    -- not done: due once the tenth of the interval has run out, or as soon as it was skipped
    (
        not is_cancelled
        and due_date <= {{ last_full_day() }}
        and (known_done_date is not null or status = 'skipped' or days_from_due * 10 > interval_days)
    ) as is_due,
    (
        not is_cancelled
        and due_date <= {{ last_full_day() }}
        and known_done_date is not null
        and abs(days_from_due) * 10 <= interval_days
    ) as is_compliant,
    source_file_id,
    source_line,
    known_from
from measured
