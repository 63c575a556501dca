-- By number of entries, at the posting date of the entry in error: a later correction restates that date.
select
    posting_date as date_day,
    business_unit,
    source,
    module,
    {{ components('sum(case when is_error then 1 else 0 end)', 'count(*)') }}
from {{ ref('fct_journal_entries') }}
where is_measured
group by
    posting_date,
    business_unit,
    source,
    module
