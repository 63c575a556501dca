-- The level's last day, band by band, is what the records say today.
with

levels as (
    select
        business_unit,
        ageing_band,
        numerator as overdue_brl,
        count_records
    from {{ ref('kpi_overdue_receivables') }}
    where
        date_day = {{ as_of_date() }}
        and count_records <> 0
),

records as (
    select
        business_unit,
        ageing_band,
        sum(amount_brl) as overdue_brl,
        count(*) as count_records
    from {{ ref('fct_receivables') }}
    where ageing_band <> 'not_overdue'
    group by business_unit, ageing_band
)

select
    coalesce(levels.business_unit, records.business_unit) as business_unit,
    coalesce(levels.ageing_band, records.ageing_band) as ageing_band,
    levels.overdue_brl as level_brl,
    records.overdue_brl as records_brl
from levels
full outer join records
    on
        levels.business_unit = records.business_unit
        and levels.ageing_band = records.ageing_band
where
    coalesce(levels.overdue_brl, 0) <> coalesce(records.overdue_brl, 0)
    or coalesce(levels.count_records, 0) <> coalesce(records.count_records, 0)
