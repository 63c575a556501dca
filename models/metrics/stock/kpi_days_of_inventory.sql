-- The same components as the turnover, read the other way round: days that the stock lasts.
select
    date_day,
    business_unit,
    abc_class,
    cast(cost_of_goods_brl as decimal(18, 4)) as flow,
    cast(stock_value_brl as decimal(18, 4)) as balance,
    cast(count_movements as bigint) as count_records
from {{ ref('int_stock_value_days') }}
