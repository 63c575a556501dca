-- The balances that the turnover divides by end with the sum of every movement: carrying on loses nothing.
with

last_day as (
    select sum(balance) as balance
    from {{ ref('kpi_stock_turnover') }}
    where date_day = {{ as_of_date() }}
),

flows as (
    select sum(flow) as flow
    from {{ ref('kpi_stock_turnover') }}
),

movements as (
    select
        sum(cost_brl) as cost_brl,
        sum(cost_of_goods_brl) as cost_of_goods_brl
    from {{ ref('fct_stock_movements') }}
)

select
    last_day.balance,
    movements.cost_brl,
    flows.flow,
    movements.cost_of_goods_brl
from last_day
cross join flows
cross join movements
where
    coalesce(last_day.balance, 0) <> coalesce(movements.cost_brl, 0)
    or coalesce(flows.flow, 0) <> coalesce(movements.cost_of_goods_brl, 0)
