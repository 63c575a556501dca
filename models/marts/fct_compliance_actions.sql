-- One row an action that somebody demands by a date. What is due today may still be done today.
with actions as (

    select
        *,
        case when done_date <= {{ as_of_date() }} then done_date end as known_done_date,
        (not is_cancelled and due_date <= {{ last_full_day() }}) as is_due
    from {{ ref('stg_legal__compliance_actions') }}

)

select
    company,
    business_unit,
    action_id,
    title,
    subject,
    responsible,
    due_date,
    known_done_date as done_date,
    is_cancelled,
    is_due,
    coalesce(is_due and known_done_date <= due_date, false) as is_on_time,
    source_file_id,
    source_line,
    known_from
from actions
