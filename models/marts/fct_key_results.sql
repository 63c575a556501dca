-- One row a key result, as it stands at the as-of date, or stood on the last day of its cycle.
with key_results as (

    select * from {{ ref('stg_strategy__key_results') }}

),

projections as (

    select * from {{ ref('int_key_result_projections') }}

),

ranked_days as (

    select
        *,
        row_number() over (partition by company, key_result_id order by date_day desc) as rank_of_day
    from {{ ref('fct_key_result_days') }}

),

last_days as (

    select * from ranked_days
    where rank_of_day = 1

)

select
    key_results.company,
    coalesce(last_days.business_unit, key_results.business_unit) as business_unit,
    key_results.key_result_id,
    key_results.objective_id,
    key_results.objective_id as objective,
    key_results.title,
    key_results.ambition,
    key_results.weight,
    key_results.start_value,
    key_results.target_value,
    key_results.unit,
    key_results.kpi,
    key_results.kpi_business_unit,
    last_days.date_day as scored_date,
    last_days.current_value,
    last_days.check_in_date,
    last_days.confidence,
    last_days.raw_progress,
    last_days.progress,
    last_days.band,
    last_days.expected_progress,
    cast(last_days.raw_progress / nullif(last_days.elapsed_share, 0) as decimal(18, 6)) as pace,
    projections.projected_end_value,
    projections.projected_low,
    projections.projected_high,
    cast(
        (projections.projected_end_value - key_results.start_value)
        / nullif(key_results.target_value - key_results.start_value, 0) as decimal(18, 6)
    ) as projected_progress,
    key_results.source_file_id,
    key_results.source_line,
    key_results.known_from
from key_results
left join last_days
    on
        key_results.company = last_days.company
        and key_results.key_result_id = last_days.key_result_id
left join projections
    on
        key_results.company = projections.company
        and key_results.key_result_id = projections.key_result_id
