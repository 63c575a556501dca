-- The banking holidays must be known for the dates that fall due next year: renew the seed before it runs out.
select max(holiday_date) as last_holiday_date
from {{ ref('banking_holidays') }}
having max(cast(holiday_date as date)) < {{ add_days(as_of_date(), 400) }}
