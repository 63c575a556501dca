-- Every cancelled note, in time or late, over the notes authorised on the day.
select
    authorised_date as date_day,
    business_unit,
    model,
    direction,
    {{ components('sum(case when is_cancelled then 1 else 0 end)', 'count(*)') }}
from {{ ref('fct_fiscal_documents') }}
where is_counted
group by
    authorised_date,
    business_unit,
    model,
    direction
