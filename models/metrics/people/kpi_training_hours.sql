with trained as (

    select
        training_date,
        business_unit,
        department,
        sum(hours) as hours,
        count(*) as count_records
    from {{ ref('fct_trainings') }}
    where is_counted
    group by training_date, business_unit, department

)

select
    days.date_day,
    days.business_unit,
    days.department,
    cast(coalesce(trained.hours, 0) as decimal(18, 4)) as flow,
    cast(days.closing_headcount as decimal(18, 4)) as balance,
    cast(coalesce(trained.count_records, 0) as bigint) as count_records
from {{ ref('fct_headcount_days') }} as days
left join trained
    on
        days.date_day = trained.training_date
        and days.business_unit = trained.business_unit
        and days.department = trained.department
