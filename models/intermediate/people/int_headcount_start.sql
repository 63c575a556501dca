-- The first day that can be counted: before the first leaver in the export only the survivors are known.
with counted as (

    select * from {{ ref('fct_employees') }}
    where is_counted

)

select {{ month_start('coalesce(min(leaving_date), min(admission_date))') }} as start_date
from counted
