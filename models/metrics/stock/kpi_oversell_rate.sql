-- Lines sold beyond the stock available when they were entered, over the lines for which the ERP looked.
select
    order_date as date_day,
    business_unit,
    abc_class,
    {{ components('sum(case when is_oversold then 1 else 0 end)', 'count(*)') }}
from {{ ref('fct_order_lines') }}
where
    not is_cancelled
    and is_oversold is not null
    and order_date <= {{ as_of_date() }}
group by
    order_date,
    business_unit,
    abc_class
