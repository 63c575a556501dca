-- Every key result on every day of its cycle, with the last check-in on or before that day, never a later one.
with objectives as (

    select * from {{ ref('stg_strategy__objectives') }}

),

key_results as (

    select
        key_results.company,
        objectives.business_unit,
        key_results.key_result_id,
        key_results.objective_id,
        key_results.title,
        key_results.ambition,
        key_results.weight,
        key_results.start_value,
        key_results.target_value,
        key_results.unit,
        key_results.kpi,
        key_results.kpi_business_unit,
        objectives.cycle,
        objectives.cycle_start_date,
        objectives.cycle_end_date,
        key_results.source_file_id,
        key_results.source_line
    from {{ ref('stg_strategy__key_results') }} as key_results
    inner join objectives
        on
            key_results.company = objectives.company
            and key_results.objective_id = objectives.objective_id

),

check_ins as (

    -- a check-in holds until the day before the next one
    select
        company,
        key_result_id,
        check_in_date,
        value,
        confidence,
        source_file_id,
        source_line,
        lead(check_in_date) over (partition by company, key_result_id order by check_in_date) as next_check_in_date
    from {{ ref('int_key_result_check_ins') }}

),

days as (

    select date_day
    from {{ ref('dim_dates') }}
    where date_day <= {{ as_of_date() }}

),

valued as (

    select
        days.date_day,
        key_results.company,
        key_results.business_unit,
        key_results.key_result_id,
        key_results.objective_id,
        key_results.title,
        key_results.ambition,
        key_results.weight,
        key_results.start_value,
        key_results.target_value,
        key_results.unit,
        key_results.kpi,
        key_results.kpi_business_unit,
        key_results.cycle,
        key_results.cycle_start_date,
        key_results.cycle_end_date,
        check_ins.check_in_date,
        check_ins.confidence,
        -- nobody has looked yet: still at the start, which is no progress
        coalesce(check_ins.value, key_results.start_value) as current_value,
        coalesce(check_ins.source_file_id, key_results.source_file_id) as source_file_id,
        coalesce(check_ins.source_line, key_results.source_line) as source_line
    from key_results
    inner join days
        on days.date_day between key_results.cycle_start_date and key_results.cycle_end_date
    left join check_ins
        on
            key_results.company = check_ins.company
            and key_results.key_result_id = check_ins.key_result_id
            and days.date_day >= check_ins.check_in_date
            and (check_ins.next_check_in_date is null or days.date_day < check_ins.next_check_in_date)

),

scored as (

    -- the same formula for key results that must fall: both differences change their sign
    select
        *,
        cast(
            (current_value - start_value) / nullif(target_value - start_value, 0) as decimal(18, 6)
        ) as raw_progress
    from valued

)

select
    *,
    cast(
        case when raw_progress is not null then least(1, greatest(0, raw_progress)) end as decimal(18, 6)
    ) as progress,
    cast(case when ambition = 'aspirational' then 0.7 else 1.0 end as decimal(18, 6)) as expected_progress,
    cast(
        ({{ days_between('cycle_start_date', 'date_day') }} + 1.0)
        / nullif({{ days_between('cycle_start_date', 'cycle_end_date') }} + 1.0, 0)
        as decimal(18, 6)
    ) as elapsed_share
from scored
