with answers as (

    select *
    from {{ ref('fct_survey_responses') }}
    where
        is_answered
        and answered_date <= {{ as_of_date() }}

)

select
    answered_date as date_day,
    business_unit,
    segment,
    channel,
    cast(sum(case when category = 'promoter' then 1 else 0 end) as bigint) as promoters,
    cast(sum(case when category = 'detractor' then 1 else 0 end) as bigint) as detractors,
    cast(count(*) as bigint) as responses
from answers
group by answered_date, business_unit, segment, channel
