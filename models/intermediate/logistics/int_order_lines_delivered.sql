-- What each order line got, over all shipments: only the item that was asked for counts.
select
    company,
    order_id,
    order_line_number as line_number,
    sum(case when not is_wrong_item then quantity_sent else 0 end) as quantity_right,
    sum(case when is_wrong_item then 1 else 0 end) as count_wrong
from {{ ref('fct_shipment_lines') }}
where is_sent
group by company, order_id, order_line_number
