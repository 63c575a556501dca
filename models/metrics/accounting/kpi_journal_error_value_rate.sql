-- By absolute value moved, at the posting date of the entry in error.
select
    posting_date as date_day,
    business_unit,
    source,
    module,
    {{ components('sum(case when is_error then value_brl else 0 end)', 'sum(value_brl)') }}
from {{ ref('fct_journal_entries') }}
where is_measured
group by
    posting_date,
    business_unit,
    source,
    module
