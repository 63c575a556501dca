-- Answers by wave and group of at least five. Smaller departments of a unit are put together; should those be fewer
-- than five, the smallest other department joins them, so that no subtraction tells what few people answered. Units of
-- fewer than five stand together without a name, and are left out where even together they are too few.
with ranked as (

    select
        *,
        row_number() over (
            partition by company, wave, respondent_key
            order by answered_at desc, response_key desc
        ) as place
    from {{ ref('stg_surveys__employee_survey') }}
    where
        score is not null
        and answered_at <= {{ as_of_timestamp() }}

),

answers as (

    select
        company,
        wave,
        business_unit,
        department,
        score,
        {{ local_date('answered_at') }} as answered_date,
        count(*) over (partition by company, wave, business_unit) as unit_answers,
        count(*) over (partition by company, wave, business_unit, department) as department_answers
    from ranked
    where place = 1

),

departments as (

    select
        company,
        wave,
        business_unit,
        department,
        max(unit_answers) as unit_answers,
        count(*) as answers,
        max(answered_date) as last_answered_date,
        sum(case when score >= 9 then 1 else 0 end) as promoters,
        sum(case when score <= 6 then 1 else 0 end) as detractors
    from answers
    group by company, wave, business_unit, department

),

compared as (

    select
        *,
        sum(case when answers < 5 then answers else 0 end) over (
            partition by company, wave, business_unit
        ) as answers_of_small,
        row_number() over (
            partition by company, wave, business_unit, (answers >= 5)
            order by answers, department
        ) as place_by_size
    from departments

),

grouped as (

    select
        company,
        wave,
        case when unit_answers < 5 then 'unassigned' else business_unit end as business_unit,
        case
            when unit_answers < 5 or answers < 5 then 'grouped'
            when answers_of_small between 1 and 4 and place_by_size = 1 then 'grouped'
            else department
        end as department,
        answers,
        promoters,
        detractors,
        max(last_answered_date) over (partition by company, wave) as wave_date
    from compared

)

select
    company,
    wave,
    wave_date,
    business_unit,
    department,
    sum(answers) as responses,
    sum(promoters) as promoters,
    sum(detractors) as detractors
from grouped
group by company, wave, wave_date, business_unit, department
having sum(answers) >= 5
