-- A key result of a known objective has one row on each day of its cycle up to the as-of date: no gap, no doubling.
with

expected as (
    select
        key_results.company,
        key_results.key_result_id,
        {{ days_between('objectives.cycle_start_date', 'least(objectives.cycle_end_date, ' ~ as_of_date() ~ ')') }} + 1
            as count_days
    from {{ ref('fct_key_results') }} as key_results
    inner join {{ ref('fct_objectives') }} as objectives
        on
            key_results.company = objectives.company
            and key_results.objective_id = objectives.objective_id
    where
        objectives.cycle_start_date <= {{ as_of_date() }}
        and objectives.cycle_end_date >= objectives.cycle_start_date
),

found as (
    select
        company,
        key_result_id,
        count(*) as count_days
    from {{ ref('fct_key_result_days') }}
    group by company, key_result_id
)

select
    expected.company,
    expected.key_result_id,
    expected.count_days,
    found.count_days as count_days_found
from expected
left join found
    on
        expected.company = found.company
        and expected.key_result_id = found.key_result_id
where
    found.count_days is null
    or expected.count_days <> found.count_days
