with invitations as (

    select
        *,
        -- an answer that comes after the as-of date has not come yet
        (is_answered and answered_date <= {{ as_of_date() }}) as is_answered_by_now
    from {{ ref('fct_survey_responses') }}
    where sent_date <= {{ as_of_date() }}

)

select
    sent_date as date_day,
    business_unit,
    segment,
    channel,
    cast(sum(case when is_answered_by_now then 1 else 0 end) as decimal(18, 4)) as numerator,
    cast(count(*) as decimal(18, 4)) as denominator,
    cast(count(*) as bigint) as count_records
from invitations
group by sent_date, business_unit, segment, channel
