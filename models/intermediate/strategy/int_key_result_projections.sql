-- Where each key result ends if it goes on as it has gone: least squares through the start and the cycle's check-ins,
-- over the share of the cycle elapsed, with the prediction interval of 80 % at the cycle's end. A KPI's figure of the
-- cycle so far does not begin at the start: there the check-ins alone. Fewer than four points project nothing.
-- Neighbouring points resemble each other, so that the true interval is rather wider.
with days as (

    select * from {{ ref('int_key_result_days') }}

),

points as (

    select
        company,
        key_result_id,
        cast(elapsed_share as double) as elapsed,
        cast(current_value as double) as value
    from days
    where check_in_date = date_day
    union all
    select distinct
        company,
        key_result_id,
        cast(0 as double) as elapsed,
        cast(start_value as double) as value
    from days
    where kpi is null

),

fitted as (

    select
        company,
        key_result_id,
        count(*) as count_points,
        sum(case when elapsed > 0 then 1 else 0 end) as count_check_ins,
        avg(elapsed) as mean_elapsed,
        regr_slope(value, elapsed) as slope,
        regr_intercept(value, elapsed) as intercept,
        regr_sxx(value, elapsed) as spread_elapsed,
        greatest(
            0, regr_syy(value, elapsed) - power(regr_sxy(value, elapsed), 2) / nullif(regr_sxx(value, elapsed), 0)
        ) as squared_errors,
        count(*) - 2.0 as freedom
    from points
    group by company, key_result_id
    having count(*) >= 4

),

projected as (

    select
        *,
        intercept + slope as end_value,
        -- Student's t at 90 % from the normal one (Fisher and Cornish): within 0.3 % from two degrees of freedom on
        1.281552 + 0.846585 / freedom + 0.570891 / power(freedom, 2) + 0.258517 / power(freedom, 3) as student,
        sqrt(
            squared_errors / freedom * (1 + 1.0 / count_points + power(1 - mean_elapsed, 2) / nullif(spread_elapsed, 0))
        ) as prediction_error
    from fitted

)

select
    company,
    key_result_id,
    cast(count_check_ins as integer) as count_check_ins,
    cast(end_value as decimal(18, 6)) as projected_end_value,
    cast(end_value - student * prediction_error as decimal(18, 6)) as projected_low,
    cast(end_value + student * prediction_error as decimal(18, 6)) as projected_high
from projected
