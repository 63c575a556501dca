-- All answers of a wave stand on its last day: a day of its own would tell who answered what.
select
    wave_date as date_day,
    business_unit,
    department,
    cast(sum(promoters) as bigint) as promoters,
    cast(sum(detractors) as bigint) as detractors,
    cast(sum(responses) as bigint) as responses
from {{ ref('fct_employee_survey_groups') }}
group by wave_date, business_unit, department
