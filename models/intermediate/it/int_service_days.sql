-- The agreed hours of every service on every day, as minutes of that day: until now on the day of knowledge.
with services as (

    select
        *,
        cast(substr(agreed_from, 1, 2) as integer) * 60 + cast(substr(agreed_from, 4, 2) as integer) as from_minute,
        cast(substr(agreed_to, 1, 2) as integer) * 60 + cast(substr(agreed_to, 4, 2) as integer) as to_minute
    from {{ ref('stg_it__services') }}

),

days as (

    select
        services.company,
        services.business_unit,
        services.service_id,
        services.name as service,
        dates.date_day,
        services.from_minute,
        case
            when dates.date_day < {{ as_of_date() }} then services.to_minute
            else least(
                services.to_minute,
                -- the minute that runs at the moment of knowledge counts
                {{ minutes_between('cast(dates.date_day as timestamp)', as_of_local_timestamp()) }} + 1
            )
        end as to_minute
    from services
    inner join {{ ref('dim_dates') }} as dates
        on
            dates.date_day between services.start_date and coalesce(services.end_date, {{ as_of_date() }})
            and dates.date_day <= {{ as_of_date() }}
            and (services.agreed_days = 'every_day' or dates.is_banking_day)

)

select
    company,
    business_unit,
    service_id,
    service,
    date_day,
    from_minute,
    to_minute,
    to_minute - from_minute as agreed_minutes
from days
where to_minute > from_minute
