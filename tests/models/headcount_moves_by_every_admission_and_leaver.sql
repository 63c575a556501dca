-- Since the first countable day: nobody admitted or left is lost or counted twice.
with counted as (

    select
        sum(case when employees.admission_date >= starts.start_date then 1 else 0 end) as admissions,
        sum(case when employees.leaving_date >= starts.start_date then 1 else 0 end) as leavers
    from {{ ref('fct_employees') }} as employees
    cross join {{ ref('int_headcount_start') }} as starts
    where employees.is_counted

),

rolled as (

    select
        sum(admissions) as admissions,
        sum(leavers) as leavers
    from {{ ref('fct_headcount_days') }}

)

select
    counted.admissions,
    rolled.admissions as admissions_rolled,
    counted.leavers,
    rolled.leavers as leavers_rolled
from counted
cross join rolled
where
    counted.admissions <> rolled.admissions
    or counted.leavers <> rolled.leavers
