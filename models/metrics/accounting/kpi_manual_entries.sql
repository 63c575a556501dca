select
    posting_date as date_day,
    business_unit,
    module,
    {{ components("sum(case when source = 'manual' then 1 else 0 end)", 'count(*)') }}
from {{ ref('fct_journal_entries') }}
where
    is_measured
    -- a ledger taken from a SPED file does not tell
    and source <> 'unknown'
group by
    posting_date,
    business_unit,
    module
