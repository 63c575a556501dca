-- The cost of a month stands on its last day. A unit counts, with cost and people, in the months that show five or
-- more; after the last payroll its people go on counting.
with months as (

    select
        business_unit,
        month_start,
        month_end,
        sum(cost_brl) as cost_brl,
        sum(count_employees) as count_employees
    from {{ ref('fct_payroll_months') }}
    group by business_unit, month_start, month_end

),

last_payroll as (

    select max(month_start) as last_month_start from months

),

days as (

    select
        date_day,
        business_unit,
        {{ month_start('date_day') }} as month_start,
        sum(closing_headcount) as closing_headcount
    from {{ ref('fct_headcount_days') }}
    group by date_day, business_unit

)

select
    days.date_day,
    days.business_unit,
    cast(case when days.date_day = months.month_end then months.cost_brl else 0 end as decimal(18, 4)) as flow,
    cast(days.closing_headcount as decimal(18, 4)) as balance,
    cast(case when days.date_day = months.month_end then months.count_employees else 0 end as bigint) as count_records
from days
cross join last_payroll
left join months
    on
        days.business_unit = months.business_unit
        and days.month_start = months.month_start
where
    months.month_end is not null
    or days.month_start > last_payroll.last_month_start
