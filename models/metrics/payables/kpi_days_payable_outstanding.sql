-- Every day: what was bought on credit, and what was owed to suppliers at its end.
select
    date_day,
    business_unit,
    cast(bought_brl as decimal(18, 4)) as flow,
    cast(open_brl as decimal(18, 4)) as balance,
    cast(count_bought as bigint) as count_records
from {{ ref('int_payable_days') }}
