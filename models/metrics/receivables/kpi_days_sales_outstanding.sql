-- Every day: what was sold on credit, and what customers owed at its end. Counted back from the period's last day.
select
    date_day,
    business_unit,
    cast(sold_brl as decimal(18, 4)) as flow,
    cast(open_brl as decimal(18, 4)) as balance,
    cast(count_sold as bigint) as count_records
from {{ ref('int_receivable_days') }}
