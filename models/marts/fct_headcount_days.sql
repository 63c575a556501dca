-- Headcount rolled day by day: opening + admissions - leavers = closing, by unit and department.
with days as (

    select
        dates.date_day,
        dates.is_banking_day,
        starts.start_date
    from {{ ref('dim_dates') }} as dates
    cross join {{ ref('int_headcount_start') }} as starts
    where dates.date_day between {{ add_days('starts.start_date', -1) }} and {{ as_of_date() }}

),

teams as (

    select distinct
        business_unit,
        department
    from {{ ref('int_headcount_changes') }}

),

moved as (

    select
        days.date_day,
        days.start_date,
        days.is_banking_day,
        teams.business_unit,
        teams.department,
        coalesce(changes.admissions, 0) as admissions,
        coalesce(changes.leavers, 0) as leavers,
        coalesce(changes.voluntary_leavers, 0) as voluntary_leavers,
        coalesce(changes.daily_hours, 0) as daily_hours
    from days
    cross join teams
    left join {{ ref('int_headcount_changes') }} as changes
        on
            days.date_day = changes.date_day
            and teams.business_unit = changes.business_unit
            and teams.department = changes.department

),

rolled as (

    select
        *,
        sum(admissions - leavers) over (
            partition by business_unit, department order by date_day
            rows between unbounded preceding and current row
        ) as closing_headcount,
        sum(admissions) over (
            partition by business_unit, department order by date_day
            rows between unbounded preceding and current row
        ) as admissions_so_far,
        sum(daily_hours) over (
            partition by business_unit, department order by date_day
            rows between unbounded preceding and current row
        ) as contracted_hours
    from moved

)

select
    date_day,
    business_unit,
    department,
    cast(closing_headcount - admissions + leavers as bigint) as opening_headcount,
    cast(admissions as bigint) as admissions,
    cast(leavers as bigint) as leavers,
    cast(voluntary_leavers as bigint) as voluntary_leavers,
    cast(closing_headcount as bigint) as closing_headcount,
    -- a fifth of the contracted week on every banking day, none on the others
    cast(case when is_banking_day then contracted_hours else 0 end as decimal(18, 4)) as contracted_hours
from rolled
where
    date_day >= start_date
    and admissions_so_far > 0
