-- The components of the three clocks side by side: stock and cost of goods, receivables and revenue, payables.
-- From the first day on which all three are known: before, the cycle would lack one of them.
with

stock as (
    select
        date_day,
        business_unit,
        sum(stock_value_brl) as stock,
        sum(cost_of_goods_brl) as cost_of_goods
    from {{ ref('int_stock_value_days') }}
    group by date_day, business_unit
),

days as (
    select
        date_day,
        business_unit,
        stock,
        cost_of_goods,
        0 as receivables,
        0 as revenue,
        0 as payables,
        0 as count_sold
    from stock
    union all
    select
        date_day,
        business_unit,
        0 as stock,
        0 as cost_of_goods,
        open_brl as receivables,
        sold_brl as revenue,
        0 as payables,
        count_sold
    from {{ ref('int_receivable_days') }}
    union all
    select
        date_day,
        business_unit,
        0 as stock,
        0 as cost_of_goods,
        0 as receivables,
        0 as revenue,
        open_brl as payables,
        0 as count_sold
    from {{ ref('int_payable_days') }}
),

first_days as (
    select
        greatest(
            (select min(date_day) from stock),
            (select min(date_day) from {{ ref('int_receivable_days') }}),
            (select min(date_day) from {{ ref('int_payable_days') }})
        ) as first_day
)

select
    days.date_day,
    days.business_unit,
    cast(sum(days.stock) as decimal(18, 4)) as stock,
    cast(sum(days.cost_of_goods) as decimal(18, 4)) as cost_of_goods,
    cast(sum(days.receivables) as decimal(18, 4)) as receivables,
    cast(sum(days.revenue) as decimal(18, 4)) as revenue,
    cast(sum(days.payables) as decimal(18, 4)) as payables,
    cast(sum(days.count_sold) as bigint) as count_records
from days
inner join first_days on days.date_day >= first_days.first_day
group by
    days.date_day,
    days.business_unit
