select
    due_date as date_day,
    business_unit,
    asset_class,
    {{ components('sum(case when is_compliant then 1 else 0 end)', 'count(*)') }}
from {{ ref('fct_maintenance_orders') }}
where is_due
group by due_date, business_unit, asset_class
