-- Lines in which another item was sent than asked for, over lines sent.
select
    shipped_date as date_day,
    business_unit,
    warehouse,
    item_category,
    {{ components('sum(case when is_wrong_item then 1 else 0 end)', 'count(*)') }}
from {{ ref('fct_shipment_lines') }}
where is_sent
group by
    shipped_date,
    business_unit,
    warehouse,
    item_category
