-- One row a company (or unit that closes by itself) and period: business days from the period's end to its lock.
with

closings as (
    select * from {{ ref('stg_erp__closings') }}
    where period_end < {{ as_of_date() }}
),

locked as (
    select
        *,
        case when locked_date <= {{ as_of_date() }} then locked_date end as actual_locked_date
    from closings
)

select
    locked.company || '|' || locked.business_unit || '|' || locked.period as closing_id,
    locked.company,
    locked.business_unit,
    locked.period,
    locked.period_end,
    case when locked.actual_locked_date is not null then locked.locked_at end as locked_at,
    locked.actual_locked_date as locked_date,
    locked.actual_locked_date is not null as is_locked,
    -- greatest leaves nulls out, so that an open period would have taken no time.
    cast(
        case
            when locked.actual_locked_date is not null
                then greatest(lock_days.banking_day_number - end_days.banking_day_number, 0)
        end as integer
    ) as business_days_to_close,
    cast(today.banking_day_number - end_days.banking_day_number as integer) as age_business_days,
    locked.locked_by,
    locked.source_file_id,
    locked.source_line,
    locked.known_from
from locked
inner join {{ ref('dim_dates') }} as end_days on locked.period_end = end_days.date_day
inner join {{ ref('dim_dates') }} as today on {{ as_of_date() }} = today.date_day
left join {{ ref('dim_dates') }} as lock_days on locked.actual_locked_date = lock_days.date_day
