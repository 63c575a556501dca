-- The lawsuits open at the end of the days that the KPIs show (Sundays, ends of months, today), each in the class that
-- it had on that day: the cases behind an exposure.
select
    dates.date_day,
    spells.company,
    spells.business_unit,
    spells.lawsuit_id,
    spells.plaintiff,
    spells.nature,
    spells.loss_class,
    spells.amount_brl,
    spells.from_date,
    spells.source_file_id,
    spells.source_line,
    spells.known_from
from {{ ref('fct_lawsuit_spells') }} as spells
inner join {{ ref('dim_dates') }} as dates
    on dates.date_day between spells.from_date and spells.to_date
where {{ is_period_end('dates.date_day') }}
