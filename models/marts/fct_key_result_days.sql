with key_result_days as (

    select * from {{ ref('int_key_result_days') }}

)

select
    date_day,
    company,
    business_unit,
    objective_id,
    objective_id as objective,
    key_result_id,
    title,
    ambition,
    weight,
    start_value,
    target_value,
    current_value,
    unit,
    check_in_date,
    confidence,
    raw_progress,
    progress,
    expected_progress,
    elapsed_share,
    {{ okr_band('progress') }} as band,
    {{ is_period_end('date_day') }} or date_day = cycle_end_date as is_period_end,
    source_file_id,
    source_line
from key_result_days
