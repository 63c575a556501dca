-- Over the payments made in the period; a duplicate counts on the day of the second payment.
select
    payables.paid_date as date_day,
    payables.business_unit,
    payables.category,
    {{ components('sum(case when duplicates.payable_id is not null then 1 else 0 end)', 'count(*)') }}
from {{ ref('fct_payables') }} as payables
left join {{ ref('fct_duplicate_payments') }} as duplicates on payables.payable_id = duplicates.payable_id
where
    payables.is_measured
    and payables.is_paid
group by
    payables.paid_date,
    payables.business_unit,
    payables.category
