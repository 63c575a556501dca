-- One row a filing due. What is due today may still be filed today; what was never filed is late from the day after.
with

filings as (
    select
        *,
        case when filed_date <= {{ as_of_date() }} then filed_date end as known_filed_date,
        due_date <= {{ last_full_day() }} as is_due
    from {{ ref('stg_fiscal__tax_filings') }}
)

select
    company,
    business_unit,
    obligation,
    period,
    regime,
    sphere,
    due_date,
    known_filed_date as filed_date,
    known_filed_date is not null as is_filed,
    is_due,
    coalesce(is_due and known_filed_date <= due_date, false) as is_on_time,
    case
        when known_filed_date <= due_date then 'on_time'
        when known_filed_date is not null then 'late'
        when is_due then 'missing'
        else 'open'
    end as status,
    cast(
        greatest(0, {{ days_between('due_date', 'coalesce(known_filed_date, ' ~ last_full_day() ~ ')') }}) as bigint
    ) as days_late,
    receipt,
    responsible,
    source_file_id,
    source_line,
    known_from
from filings
