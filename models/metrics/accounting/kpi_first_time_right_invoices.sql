-- The invoice is the unit, not the instalment; a correction restates the period in which the invoice was entered.
select
    receipt_date as date_day,
    business_unit,
    category,
    {{ components('sum(case when is_corrected then 0 else 1 end)', 'count(*)') }}
from {{ ref('fct_supplier_invoices') }}
where is_measured
group by
    receipt_date,
    business_unit,
    category
