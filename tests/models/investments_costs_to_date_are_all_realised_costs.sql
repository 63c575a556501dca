-- To the cent: what the overrun has spent today is every realised cost of a known project up to today.
with

spent as (
    select coalesce(sum(numerator + denominator), 0) as cost_brl
    from {{ ref('kpi_investment_budget_overrun') }}
    where date_day = {{ as_of_date() }}
),

realised as (
    select coalesce(sum(flows.unsigned_amount_brl), 0) as cost_brl
    from {{ ref('fct_project_cash_flows') }} as flows
    inner join {{ ref('fct_projects') }} as projects
        on
            flows.company = projects.company
            and flows.project_id = projects.project_id
    where
        flows.scenario = 'realised'
        and flows.nature = 'cost'
        and flows.flow_date <= {{ as_of_date() }}
        and (projects.approved_date <= {{ as_of_date() }} or projects.first_flow_date <= {{ as_of_date() }})
)

select
    spent.cost_brl,
    realised.cost_brl as cost_brl_realised
from spent
cross join realised
where spent.cost_brl <> realised.cost_brl
