-- The calendar: ISO weeks, and the days on which Brazilian banks and the exchange (BVMF) settle payments.
with

-- Ten days more than are shown, so that the last days have a next banking day too.
days as (
    select date_day from {{ date_series("'2015-01-01'", "'2041-01-10'") }} as series
),

holidays as (
    select cast(holiday_date as date) as holiday_date from {{ ref('banking_holidays') }}
),

marked as (
    select
        days.date_day,
        {{ iso_weekday('days.date_day') }} >= 6 as is_weekend,
        {{ iso_weekday('days.date_day') }} < 6 and holidays.holiday_date is null as is_banking_day
    from days
    left join holidays on days.date_day = holidays.holiday_date
),

numbered as (
    select
        date_day,
        is_weekend,
        is_banking_day,
        sum(case when is_banking_day then 1 else 0 end) over (
            order by date_day
            rows between unbounded preceding and current row
        ) as banking_day_number,
        min(case when is_banking_day then date_day end) over (
            order by date_day
            rows between current row and unbounded following
        ) as next_banking_day
    from marked
)

select
    date_day,
    {{ week_start('date_day') }} as iso_week_start,
    {{ iso_week_label('date_day') }} as iso_week_label,
    {{ month_start('date_day') }} as month_start,
    {{ quarter_start('date_day') }} as quarter_start,
    {{ year_start('date_day') }} as year_start,
    cast({{ iso_weekday('date_day') }} as integer) as iso_weekday,
    is_weekend,
    is_banking_day,
    cast(banking_day_number as integer) as banking_day_number,
    next_banking_day
from numbered
where date_day <= cast('2040-12-31' as date)
