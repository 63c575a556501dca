with responses as (

    select * from {{ ref('int_survey_responses_deduplicated') }}

)

select
    company,
    business_unit,
    response_id,
    wave,
    respondent,
    segment,
    channel,
    sent_at,
    {{ local_date('sent_at') }} as sent_date,
    answered_at,
    {{ local_date('answered_at') }} as answered_date,
    is_answered,
    score,
    case
        when score >= 9 then 'promoter'
        when score >= 7 then 'passive'
        when score >= 0 then 'detractor'
    end as category,
    comment,
    cast(count_invitations as integer) as count_invitations,
    source_file_id,
    source_line,
    known_from
from responses
