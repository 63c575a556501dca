-- The payroll of a unit and month in sums: no row about a person leaves staging, and no sum of fewer than five people.
with payroll as (

    select
        payroll.company,
        payroll.employee_key,
        payroll.month_start,
        payroll.gross_pay_brl,
        payroll.charges_brl,
        payroll.benefits_brl,
        {{ add_days(month_start(add_days('payroll.month_start', 31)), -1) }} as month_end,
        employees.business_unit
    from {{ ref('stg_people__payroll') }} as payroll
    inner join {{ ref('fct_employees') }} as employees
        on
            payroll.company = employees.company
            and payroll.employee_key = employees.employee_key
    where employees.is_counted

)

select
    company,
    business_unit,
    month_start,
    cast(month_end as date) as month_end,
    cast(count(distinct employee_key) as bigint) as count_employees,
    cast(sum(gross_pay_brl) as decimal(18, 2)) as gross_pay_brl,
    cast(sum(charges_brl) as decimal(18, 2)) as charges_brl,
    cast(sum(benefits_brl) as decimal(18, 2)) as benefits_brl,
    cast(sum(gross_pay_brl + charges_brl + benefits_brl) as decimal(18, 2)) as cost_brl
from payroll
where month_end <= {{ as_of_date() }}
group by company, business_unit, month_start, month_end
having count(distinct employee_key) >= 5
