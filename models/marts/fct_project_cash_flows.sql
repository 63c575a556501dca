-- One row a flow, signed: what comes in is positive, what goes out is negative.
with flows as (

    select * from {{ ref('stg_investments__project_cash_flows') }}

),

projects as (

    select * from {{ ref('stg_investments__projects') }}

)

select
    flows.company,
    -- a project lives in one business unit, whichever unit booked the flow
    coalesce(projects.business_unit, flows.business_unit) as business_unit,
    flows.flow_id,
    flows.project_id,
    flows.project_id as project,
    projects.name as project_name,
    flows.flow_date,
    flows.scenario,
    flows.nature,
    flows.unsigned_amount_brl,
    cast(
        case when flows.nature = 'cost' then -flows.unsigned_amount_brl else flows.unsigned_amount_brl end
        as decimal(18, 2)
    ) as amount_brl,
    projects.annual_discount_rate,
    -- what a cancelled project still had planned will not happen
    (
        projects.project_id is not null
        and not (projects.status = 'cancelled' and flows.scenario = 'planned')
    ) as is_in_outlook,
    flows.source_file_id,
    flows.source_line,
    flows.known_from
from flows
left join projects
    on
        flows.company = projects.company
        and flows.project_id = projects.project_id
