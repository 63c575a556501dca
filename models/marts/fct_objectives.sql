-- One row an objective, as it stands at the as-of date, or stood on the last day of its cycle.
with objectives as (

    select * from {{ ref('stg_strategy__objectives') }}

),

ranked_days as (

    select
        *,
        row_number() over (partition by company, objective_id order by date_day desc) as rank_of_day
    from {{ ref('fct_objective_days') }}

),

last_days as (

    select * from ranked_days
    where rank_of_day = 1

)

select
    objectives.company,
    objectives.business_unit,
    objectives.objective_id,
    objectives.objective_id as objective,
    objectives.title,
    objectives.owner,
    objectives.cycle,
    objectives.cycle_start_date,
    objectives.cycle_end_date,
    objectives.weight,
    case
        when objectives.cycle_start_date > {{ as_of_date() }} then 'not_started'
        when objectives.cycle_end_date < {{ as_of_date() }} then 'finished'
        else 'running'
    end as cycle_state,
    last_days.date_day as scored_date,
    last_days.score,
    last_days.expected_score,
    last_days.expected_by_now,
    last_days.elapsed_share,
    last_days.weakest_progress,
    last_days.band,
    last_days.last_check_in_date,
    last_days.is_red,
    last_days.is_behind_pace,
    last_days.is_at_risk,
    objectives.source_file_id,
    objectives.source_line,
    objectives.known_from
from objectives
left join last_days
    on
        objectives.company = last_days.company
        and objectives.objective_id = last_days.objective_id
