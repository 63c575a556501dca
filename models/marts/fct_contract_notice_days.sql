-- The contracts whose notice date was near at the end of the days that the KPIs show (Sundays, ends of months, today).
select
    days.date_day,
    contracts.company,
    contracts.business_unit,
    contracts.contract_id,
    contracts.title,
    contracts.kind,
    contracts.counterparty,
    days.notice_window,
    cast(days.days_left as integer) as days_left,
    contracts.notice_date,
    contracts.end_date,
    contracts.notice_days,
    contracts.value_brl,
    contracts.source_file_id,
    contracts.source_line,
    contracts.known_from
from {{ ref('int_contract_notice_days') }} as days
inner join {{ ref('fct_contracts') }} as contracts
    on
        days.company = contracts.company
        and days.contract_id = contracts.contract_id
where {{ is_period_end('days.date_day') }}
