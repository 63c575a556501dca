-- One row a vacancy. The clock runs from the approval to the acceptance; a cancelled one is at risk until then.
with requisitions as (

    select
        *,
        case when approved_date <= {{ as_of_date() }} then approved_date end as start_date,
        case when accepted_date <= {{ as_of_date() }} then accepted_date end as filled_date,
        case when cancelled_date <= {{ as_of_date() }} then cancelled_date end as ended_date
    from {{ ref('stg_people__requisitions') }}
    where requested_date <= {{ as_of_date() }}

),

clocked as (

    select
        *,
        (start_date is not null) as is_measured,
        (filled_date is not null) as is_filled,
        -- accepted before the formal approval counts as day 0
        greatest(coalesce(filled_date, ended_date, {{ as_of_date() }}), start_date) as stop_date
    from requisitions

)

select
    company,
    business_unit,
    requisition_id,
    department,
    position_title,
    requested_date,
    start_date as approved_date,
    filled_date as accepted_date,
    ended_date as cancelled_date,
    status,
    is_measured,
    is_filled,
    (is_measured and not is_filled and ended_date is null) as is_open,
    cast({{ days_between('start_date', 'stop_date') }} as integer) as age_days,
    source_file_id,
    source_line,
    known_from
from clocked
