-- One row a purchase request, with the calendar days of each step.
with

requests as (
    select
        *,
        case when approved_date <= {{ as_of_date() }} then approved_date end as actual_approved_date,
        case when ordered_date <= {{ as_of_date() }} then ordered_date end as actual_ordered_date,
        case when received_date <= {{ as_of_date() }} then received_date end as actual_received_date
    from {{ ref('stg_erp__purchase_requests') }}
),

invoiced as (
    select distinct
        company,
        supplier_id,
        document
    from {{ ref('fct_payables') }}
)

select
    requests.company || '|' || requests.request_id as purchase_request_id,
    requests.company,
    requests.business_unit,
    requests.request_id,
    requests.category,
    requests.cost_centre,
    requests.requester,
    requests.supplier_id,
    requests.purchase_order,
    requests.document,
    requests.status,
    requests.requested_date,
    requests.actual_approved_date as approved_date,
    requests.actual_ordered_date as ordered_date,
    requests.actual_received_date as received_date,
    requests.amount_brl,
    -- Refused requests are never received: they would be open for ever.
    requests.status <> 'cancelled' and requests.requested_date <= {{ as_of_date() }} as is_measured,
    requests.actual_received_date is not null as is_received,
    case
        when requests.actual_received_date is not null then 'received'
        when requests.actual_ordered_date is not null then 'ordered'
        when requests.actual_approved_date is not null then 'approved'
        else 'requested'
    end as step,
    cast({{ days_between('requests.requested_date', 'requests.actual_approved_date') }} as integer) as days_to_approve,
    cast({{ days_between('requests.requested_date', 'requests.actual_ordered_date') }} as integer) as days_to_order,
    -- greatest leaves nulls out, so that an open request would have taken no time.
    cast(
        case
            when requests.actual_received_date is not null
                then greatest({{ days_between('requests.requested_date', 'requests.actual_received_date') }}, 0)
        end as integer
    ) as days_to_receive,
    cast(
        greatest(
            {{ days_between('requests.requested_date',
                'coalesce(requests.actual_received_date, ' ~ as_of_date() ~ ')') }}, 0
        ) as integer
    ) as age_days,
    invoiced.document is not null as is_invoiced,
    requests.source_file_id,
    requests.source_line,
    requests.known_from
from requests
left join invoiced
    on
        requests.company = invoiced.company
        and requests.supplier_id = invoiced.supplier_id
        and requests.document = invoiced.document
