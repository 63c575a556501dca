with objective_days as (

    select * from {{ ref('int_objective_days') }}

),

objectives as (

    select * from {{ ref('stg_strategy__objectives') }}

)

select
    objective_days.date_day,
    objective_days.company,
    objective_days.business_unit,
    objective_days.objective_id,
    objective_days.objective_id as objective,
    objectives.title,
    objectives.cycle,
    objective_days.score,
    objective_days.expected_score,
    objective_days.expected_by_now,
    objective_days.elapsed_share,
    objective_days.weakest_progress,
    cast(objective_days.count_key_results as integer) as count_key_results,
    objective_days.last_check_in_date,
    {{ okr_band('objective_days.score') }} as band,
    objective_days.is_red,
    objective_days.is_behind_pace,
    objective_days.is_at_risk,
    {{ is_period_end('objective_days.date_day') }}
    or objective_days.date_day = objectives.cycle_end_date as is_period_end,
    objectives.source_file_id,
    objectives.source_line
from objective_days
inner join objectives
    on
        objective_days.company = objectives.company
        and objective_days.objective_id = objectives.objective_id
