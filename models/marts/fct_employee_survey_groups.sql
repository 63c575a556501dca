-- The employee survey in groups of five or more: nobody's answer, and no way to work it out.
select
    company,
    business_unit,
    wave,
    wave_date,
    department,
    cast(responses as bigint) as responses,
    cast(promoters as bigint) as promoters,
    cast(responses - promoters - detractors as bigint) as passives,
    cast(detractors as bigint) as detractors
from {{ ref('int_employee_survey_groups') }}
