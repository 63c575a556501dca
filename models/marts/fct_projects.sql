-- One row a project, with what has been realised up to the as-of date.
with projects as (

    select * from {{ ref('stg_investments__projects') }}

),

today as (

    select * from {{ ref('int_project_days') }}
    where date_day = {{ as_of_date() }}

),

planned as (

    select
        company,
        project_id,
        sum(case when nature = 'cost' then unsigned_amount_brl else 0 end) as planned_cost_brl,
        sum(case when nature = 'benefit' then unsigned_amount_brl else 0 end) as planned_benefit_brl
    from {{ ref('stg_investments__project_cash_flows') }}
    where scenario = 'planned'
    group by company, project_id

)

select
    projects.company,
    projects.business_unit,
    projects.project_id,
    projects.project_id as project,
    projects.name,
    projects.status,
    projects.approved_date,
    projects.horizon_date,
    projects.approved_amount_brl,
    projects.annual_discount_rate,
    today.first_flow_date,
    cast(coalesce(planned.planned_cost_brl, 0) as decimal(18, 2)) as planned_cost_brl,
    cast(coalesce(planned.planned_benefit_brl, 0) as decimal(18, 2)) as planned_benefit_brl,
    cast(coalesce(today.cost_to_date_brl, 0) as decimal(18, 2)) as cost_to_date_brl,
    cast(coalesce(today.benefit_to_date_brl, 0) as decimal(18, 2)) as benefit_to_date_brl,
    (coalesce(today.cost_to_date_brl, 0) > projects.approved_amount_brl) as is_over_budget,
    projects.source_file_id,
    projects.source_line,
    projects.known_from
from projects
left join today
    on
        projects.company = today.company
        and projects.project_id = today.project_id
left join planned
    on
        projects.company = planned.company
        and projects.project_id = planned.project_id
