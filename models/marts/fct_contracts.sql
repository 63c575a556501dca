-- One row a contract, with the last day on which notice may be given: the day that binds, long before the end.
with contracts as (

    select
        *,
        case when signed_date <= {{ as_of_date() }} then signed_date end as known_signed_date,
        case when terminated_date <= {{ as_of_date() }} then terminated_date end as known_terminated_date,
        case when signed_date <= {{ as_of_date() }} then signed_date else {{ as_of_date() }} end as until_date,
        {{ add_days('end_date', '-1 * notice_days') }} as last_notice_date
    from {{ ref('stg_legal__contracts') }}
    where requested_date <= {{ as_of_date() }}

)

select
    company,
    business_unit,
    contract_id,
    title,
    kind,
    counterparty,
    counterparty_tax_id,
    requested_date,
    known_signed_date as signed_date,
    start_date,
    end_date,
    cast(notice_days as integer) as notice_days,
    last_notice_date as notice_date,
    known_terminated_date as terminated_date,
    value_brl,
    status,
    (known_signed_date is not null) as is_signed,
    -- given up without a signature: no date says when, so it was at risk for an unknown time and is left out
    (known_signed_date is not null or status <> 'cancelled') as is_measured,
    cast(greatest(0, {{ days_between('requested_date', 'until_date') }}) as integer) as age_days,
    (
        known_signed_date is not null
        and known_terminated_date is null
        and coalesce(end_date, {{ as_of_date() }}) >= {{ as_of_date() }}
    ) as is_in_force,
    source_file_id,
    source_line,
    known_from
from contracts
