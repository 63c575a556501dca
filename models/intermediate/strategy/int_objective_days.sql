-- Objectives on every day of their cycle: the weighted mean of their key results, against what was due by then.
with key_result_days as (

    select * from {{ ref('int_key_result_days') }}
    -- a key result whose target is its start measures no movement and cannot be scored
    where progress is not null

),

objective_days as (

    select
        date_day,
        company,
        business_unit,
        objective_id,
        cast(sum(weight * progress) / nullif(sum(weight), 0) as decimal(18, 6)) as score,
        cast(sum(weight * expected_progress) / nullif(sum(weight), 0) as decimal(18, 6)) as expected_score,
        min(progress) as weakest_progress,
        max(elapsed_share) as elapsed_share,
        max(check_in_date) as last_check_in_date,
        count(*) as count_key_results
    from key_result_days
    group by date_day, company, business_unit, objective_id

),

compared as (

    select
        *,
        cast(expected_score * elapsed_share as decimal(18, 6)) as expected_by_now,
        -- bands are read on one decimal: 0.34 is red, 0.35 is 0.4 and yellow
        (round(weakest_progress, 1) <= 0.3) as is_red
    from objective_days
    where score is not null

)

select
    *,
    (score < expected_by_now) as is_behind_pace,
    (is_red or score < expected_by_now) as is_at_risk
from compared
