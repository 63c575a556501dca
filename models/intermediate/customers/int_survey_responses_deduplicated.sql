-- One row a respondent and wave: the last answer counts; reminders are one invitation, sent when first sent.
with responses as (

    select
        *,
        -- blank is not zero: without a score, or without the day on which it was given, there is no answer
        (score is not null and answered_at is not null) as is_answered
    from {{ ref('stg_surveys__nps_responses') }}

),

ranked as (

    select
        *,
        row_number() over (
            partition by company, wave, respondent_key
            order by
                case when is_answered then 0 else 1 end,
                coalesce(answered_at, sent_at) desc,
                sent_at desc,
                response_id desc
        ) as rank_in_wave,
        min(sent_at) over (partition by company, wave, respondent_key) as first_sent_at,
        count(*) over (partition by company, wave, respondent_key) as count_invitations
    from responses

)

select
    company,
    business_unit,
    response_id,
    wave,
    respondent_key,
    respondent,
    segment,
    channel,
    first_sent_at as sent_at,
    case when is_answered then answered_at end as answered_at,
    case when is_answered then score end as score,
    comment,
    is_answered,
    count_invitations,
    source_file_id,
    source_line,
    known_from
from ranked
where rank_in_wave = 1
