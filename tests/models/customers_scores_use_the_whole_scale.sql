-- A wave of 30 answers or more without a single 6 or better was asked on a scale of 1 to 5: it is no NPS.
select
    wave,
    count(*) as count_answers,
    max(score) as highest_score
from {{ ref('fct_survey_responses') }}
where is_answered
group by wave
having
    count(*) >= 30
    and max(score) <= 5
