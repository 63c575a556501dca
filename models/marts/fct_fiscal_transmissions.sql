-- One row a transmission of the ERP's log, and what its answer means. A lot that is still being processed and a service
-- that is down are no verdict; a denied note is not a rejected one: its number is used up.
with

transmissions as (
    select
        *,
        case
            when status_code is null or answered_at > {{ as_of_timestamp() }} then 'pending'
            when status_code in ('100', '150') then 'authorised'
            when status_code in ('110', '301', '302', '303') then 'denied'
            when status_code in ('101', '102', '135', '136', '151', '155') then 'registered'
            when length(status_code) = 3 and status_code >= '200' then 'rejected'
            else 'pending'
        end as outcome
    from {{ ref('stg_fiscal__fiscal_transmissions') }}
    where sent_at <= {{ as_of_timestamp() }}
),

decided as (
    select
        *,
        (
            environment = 'production'
            and service = 'authorisation'
            and outcome in ('authorised', 'rejected', 'denied')
        ) as is_counted
    from transmissions
)

select
    company,
    business_unit,
    transmission_id,
    sent_at,
    {{ local_date('sent_at') }} as sent_date,
    answered_at,
    model,
    series,
    number,
    access_key,
    environment,
    service,
    status_code,
    status_reason,
    outcome,
    is_counted,
    is_counted and outcome = 'rejected' as is_rejected,
    case when is_counted then cast(
        row_number() over (
            partition by company, business_unit, model, series, number, is_counted order by sent_at, transmission_id
        ) as bigint
    ) end as attempt,
    source_file_id,
    source_line,
    known_from
from decided
