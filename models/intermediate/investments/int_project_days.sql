-- Every project on every day since it was approved, or first moved money: realised costs and benefits to date.
with projects as (

    select * from {{ ref('stg_investments__projects') }}

),

calendar as (

    select min(date_day) as first_day
    from {{ ref('dim_dates') }}

),

realised as (

    -- What moved before the calendar begins has moved: it is put on its first day.
    select
        flows.company,
        flows.project_id,
        greatest(flows.flow_date, calendar.first_day) as date_day,
        min(flows.flow_date) as first_flow_date,
        sum(case when flows.nature = 'cost' then flows.unsigned_amount_brl else 0 end) as cost_brl,
        sum(case when flows.nature = 'benefit' then flows.unsigned_amount_brl else 0 end) as benefit_brl
    from {{ ref('stg_investments__project_cash_flows') }} as flows
    cross join calendar
    where
        flows.scenario = 'realised'
        and flows.flow_date <= {{ as_of_date() }}
    group by flows.company, flows.project_id, greatest(flows.flow_date, calendar.first_day)

),

first_flows as (

    select
        company,
        project_id,
        min(first_flow_date) as first_flow_date
    from realised
    group by company, project_id

),

days as (

    select date_day
    from {{ ref('dim_dates') }}
    where date_day <= {{ as_of_date() }}

),

project_days as (

    select
        days.date_day,
        projects.company,
        projects.business_unit,
        projects.project_id,
        projects.approved_date,
        projects.approved_amount_brl,
        first_flows.first_flow_date
    from projects
    left join first_flows
        on
            projects.company = first_flows.company
            and projects.project_id = first_flows.project_id
    inner join days
        on days.date_day >= least(projects.approved_date, coalesce(first_flows.first_flow_date, projects.approved_date))

)

select
    project_days.date_day,
    project_days.company,
    project_days.business_unit,
    project_days.project_id,
    project_days.approved_date,
    project_days.approved_amount_brl,
    project_days.first_flow_date,
    sum(coalesce(realised.cost_brl, 0)) over (
        partition by project_days.company, project_days.project_id
        order by project_days.date_day
        rows between unbounded preceding and current row
    ) as cost_to_date_brl,
    sum(coalesce(realised.benefit_brl, 0)) over (
        partition by project_days.company, project_days.project_id
        order by project_days.date_day
        rows between unbounded preceding and current row
    ) as benefit_to_date_brl
from project_days
left join realised
    on
        project_days.company = realised.company
        and project_days.project_id = realised.project_id
        and project_days.date_day = realised.date_day
