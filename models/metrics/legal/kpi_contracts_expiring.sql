-- Contracts in force whose notice date comes within 90 days, in windows that do not overlap, so that they add up.
with counted as (

    select
        date_day,
        business_unit,
        notice_window,
        count(*) as count_contracts
    from {{ ref('int_contract_notice_days') }}
    group by date_day, business_unit, notice_window

),

windows as (

    select 'within_30' as notice_window
    union all
    select 'from_31_to_60' as notice_window
    union all
    select 'from_61_to_90' as notice_window

),

units as (

    select
        business_unit,
        min(signed_date) as first_day
    from {{ ref('fct_contracts') }}
    where is_signed
    group by business_unit

)

select
    dates.date_day,
    units.business_unit,
    windows.notice_window,
    {{ components('coalesce(counted.count_contracts, 0)', 'null', 'coalesce(counted.count_contracts, 0)') }}
from units
cross join windows
inner join {{ ref('dim_dates') }} as dates
    on dates.date_day between units.first_day and {{ as_of_date() }}
left join counted
    on
        dates.date_day = counted.date_day
        and units.business_unit = counted.business_unit
        and windows.notice_window = counted.notice_window
