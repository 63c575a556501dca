-- Contracts in force on each day on which their notice date comes within 90 days, in windows that do not overlap.
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
        contracts.company,
        contracts.business_unit,
        contracts.contract_id,
        {{ days_between('dates.date_day', 'contracts.notice_date') }} as days_left
    from contracts
    inner join {{ ref('dim_dates') }} as dates
        on
            dates.date_day between greatest(contracts.first_day, contracts.signed_date) and contracts.last_day
            and dates.date_day <= {{ as_of_date() }}

)

select
    date_day,
    company,
    business_unit,
    contract_id,
    days_left,
    case
        when days_left <= 30 then 'within_30'
        when days_left <= 60 then 'from_31_to_60'
        else 'from_61_to_90'
    end as notice_window
from approaching
