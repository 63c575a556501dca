-- Each count hits or misses by itself; differences are never added up.
select
    counted_date as date_day,
    business_unit,
    abc_class,
    {{ components('sum(case when is_accurate then 1 else 0 end)', 'count(*)') }}
from {{ ref('fct_stock_counts') }}
group by
    counted_date,
    business_unit,
    abc_class
