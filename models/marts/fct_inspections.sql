-- One row an inspection. Made in time and passed, with or without remarks, is compliant; a failed one is not.
with inspections as (

    select
        *,
        case when done_date <= {{ as_of_date() }} then done_date end as known_done_date,
        (not is_cancelled and due_date <= {{ last_full_day() }}) as is_due
    from {{ ref('stg_facilities__inspections') }}

)

select
    company,
    business_unit,
    inspection_id,
    subject,
    place,
    due_date,
    known_done_date as done_date,
    case when known_done_date is not null then result end as result,
    is_cancelled,
    is_due,
    coalesce(is_due and known_done_date <= due_date, false) as is_on_time,
    coalesce(is_due and known_done_date <= due_date and result in ('passed', 'conditional'), false) as is_compliant,
    source_file_id,
    source_line,
    known_from
from inspections
