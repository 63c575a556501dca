-- Contracts in force whose notice date comes within 90 days, in windows that do not overlap, so that they add up.
with contracts as (

    select
        *,
        {{ add_days('notice_date', -90) }} as first_day,
        -- a contract ended before its time binds nobody from that day on
        least(notice_date, coalesce({{ add_days('terminated_date', -1) }}, notice_date)) as last_day
    from {{ ref('fct_contracts') }}
    where
        is_signed
        and end_date is not null

),

approaching as (

    select
        dates.date_day,
        contracts.business_unit,
        {{ days_between('dates.date_day', 'contracts.notice_date') }} as days_left
    from contracts
    inner join {{ ref('dim_dates') }} as dates
        on
            dates.date_day between greatest(contracts.first_day, contracts.signed_date) and contracts.last_day
            and dates.date_day <= {{ as_of_date() }}

),

placed as (

    select
        date_day,
        business_unit,
        case
            when days_left <= 30 then 'within_30'
            when days_left <= 60 then 'from_31_to_60'
            else 'from_61_to_90'
        end as notice_window
    from approaching

),

counted as (

    select
        date_day,
        business_unit,
        notice_window,
        count(*) as count_contracts
    from placed
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
