-- Items asked for on a day with nothing there, over items asked for: an item, a warehouse and a day count once.
select
    date_day,
    business_unit,
    abc_class,
    {{ components('sum(case when is_stockout then 1 else 0 end)', 'count(*)') }}
from {{ ref('fct_stock_days') }}
where is_demanded
group by
    date_day,
    business_unit,
    abc_class
