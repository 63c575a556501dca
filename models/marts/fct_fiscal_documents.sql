-- One row a fiscal document, its own cancellation and corrections joined; whose it is comes from the tax numbers.
with

documents as (
    select * from {{ ref('int_fiscal_documents_settled') }}
),

corrections as (
    select
        access_key,
        count(distinct sequence) as count_corrections
    from {{ ref('stg_fiscal__fiscal_events') }}
    where
        event_type = '110110'
        and status_code in ('135', '136')
        and registered_at <= {{ as_of_timestamp() }}
    group by access_key
),

instalment_sums as (
    select
        access_key,
        count(*) as count_instalments,
        sum(amount_brl) as instalments_brl
    from {{ ref('stg_fiscal__fiscal_document_instalments') }}
    group by access_key
),

limits as (
    select
        national.model,
        states.issuer_state,
        coalesce(own.limit_hours, national.limit_hours) as limit_hours
    from {{ ref('fiscal_cancellation_limits') }} as national
    cross join (select distinct issuer_state from documents) as states
    left join {{ ref('fiscal_cancellation_limits') }} as own
        on
            national.model = own.model
            and states.issuer_state = own.state
    where coalesce(national.state, '') = ''
),

joined as (
    select
        documents.*,
        coalesce(issuers.company, recipients.company) as own_company,
        coalesce(issuers.business_unit, recipients.business_unit) as own_unit,
        issuers.tax_id is not null as is_own,
        cancellations.cancelled_at,
        cancellations.justification,
        coalesce(corrections.count_corrections, 0) as count_corrections,
        coalesce(instalment_sums.count_instalments, 0) as count_instalments,
        coalesce(instalment_sums.instalments_brl, 0) as instalments_brl,
        limits.limit_hours,
        (
            documents.protocol <> 'none'
            and documents.status_code in ('100', '150')
            and documents.authorised_at <= {{ as_of_timestamp() }}
        ) as is_answered_well
    from documents
    left join {{ ref('int_fiscal_establishments') }} as issuers on documents.issuer_tax_id = issuers.tax_id
    left join {{ ref('int_fiscal_establishments') }} as recipients on documents.recipient_tax_id = recipients.tax_id
    left join {{ ref('int_fiscal_cancellations') }} as cancellations on documents.access_key = cancellations.access_key
    left join corrections on documents.access_key = corrections.access_key
    left join instalment_sums on documents.access_key = instalment_sums.access_key
    left join limits
        on
            documents.model = limits.model
            and documents.issuer_state = limits.issuer_state
),

decided as (
    select
        *,
        coalesce(is_answered_well, false) as is_authorised,
        coalesce(is_answered_well, false) and cancelled_at is not null as is_cancelled,
        {{ minutes_between('authorised_at', 'cancelled_at') }} as minutes_to_cancel
    from joined
)

select
    case when company = 'unassigned' then coalesce(own_company, company) else company end as company,
    case when business_unit = 'unassigned' then coalesce(own_unit, business_unit) else business_unit end
        as business_unit,
    access_key,
    model,
    series,
    number,
    environment,
    direction,
    purpose,
    case when is_own then 'own' else 'third_party' end as issued_by,
    operation_nature,
    issued_at,
    {{ local_date('issued_at') }} as issued_date,
    case when is_authorised then authorised_at end as authorised_at,
    case when is_authorised then {{ local_date('authorised_at') }} end as authorised_date,
    case
        when is_cancelled then 'cancelled'
        when is_authorised then 'authorised'
        when status_code in ('110', '301', '302', '303') then 'denied'
        else 'not_authorised'
    end as status,
    is_authorised,
    is_cancelled,
    case when is_cancelled then cancelled_at end as cancelled_at,
    case when is_cancelled then {{ local_date('cancelled_at') }} end as cancelled_date,
    case when is_cancelled then cast(minutes_to_cancel as bigint) end as minutes_to_cancel,
    coalesce(is_cancelled and minutes_to_cancel > limit_hours * 60, false) as is_cancelled_late,
    case when is_cancelled then justification end as cancellation_reason,
    cast(count_corrections as bigint) as count_corrections,
    -- what counts: issued here, for real, and answered
    coalesce(is_own and environment = 'production' and is_authorised, false) as is_counted,
    coalesce(
        is_own and environment = 'production' and is_authorised and not is_cancelled
        and direction = 'exit' and purpose in ('normal', 'unknown'),
        false
    ) as is_sale,
    issuer_name,
    issuer_state,
    recipient_name,
    recipient_state,
    order_reference,
    referenced_key,
    products_brl,
    discount_brl,
    icms_brl,
    icms_st_brl,
    ipi_brl,
    pis_brl,
    cofins_brl,
    total_brl,
    count_items,
    cast(count_instalments as bigint) as count_instalments,
    cast(instalments_brl as decimal(18, 2)) as instalments_brl,
    source_file_id,
    source_line,
    known_from
from decided
