-- Operating flow, investing, financing and transfers are all the money that the statements moved.
with

flows as (
    select sum(numerator) as total from {{ ref('kpi_operating_cash_flow') }}
),

others as (
    select sum(amount_brl) as total from {{ ref('fct_bank_transactions') }}
    where activity <> 'operating'
),

everything as (
    select sum(amount_brl) as total from {{ ref('stg_bank__bank_transactions') }}
)

select
    flows.total as operating,
    others.total as others,
    everything.total as everything
from flows
cross join others
cross join everything
where coalesce(flows.total, 0) + coalesce(others.total, 0) <> coalesce(everything.total, 0)
