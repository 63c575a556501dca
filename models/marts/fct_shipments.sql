-- One row a shipment; what is dated after the moment of knowledge has not happened.
with

shipments as (
    select
        company,
        business_unit,
        shipment_id,
        order_id,
        warehouse,
        carrier,
        invoice_number,
        released_at,
        case when picked_at <= {{ as_of_timestamp() }} then picked_at end as picked_at,
        case when shipped_at <= {{ as_of_timestamp() }} then shipped_at end as shipped_at,
        promised_at,
        case when delivered_at <= {{ as_of_timestamp() }} then delivered_at end as delivered_at,
        has_complete_documents,
        is_damaged,
        source_file_id,
        source_line,
        known_from
    from {{ ref('stg_logistics__shipments') }}
),

line_sums as (
    select
        company,
        shipment_id,
        count(*) as count_lines,
        sum(case when item_sent <> item_asked and quantity_sent > 0 then 1 else 0 end) as count_wrong_lines,
        max(case when is_damaged then 1 else 0 end) as has_damage
    from {{ ref('stg_logistics__shipment_lines') }}
    group by company, shipment_id
)

select
    shipments.company,
    shipments.business_unit,
    shipments.shipment_id,
    shipments.order_id,
    shipments.warehouse,
    shipments.carrier,
    shipments.invoice_number,
    shipments.released_at,
    {{ local_date('shipments.released_at') }} as released_date,
    shipments.picked_at,
    {{ local_date('shipments.picked_at') }} as picked_date,
    shipments.shipped_at,
    {{ local_date('shipments.shipped_at') }} as shipped_date,
    {{ local_date('shipments.promised_at') }} as promised_date,
    shipments.delivered_at,
    {{ local_date('shipments.delivered_at') }} as delivered_date,
    shipments.delivered_at is not null as is_delivered,
    shipments.has_complete_documents,
    shipments.is_damaged or coalesce(line_sums.has_damage, 0) = 1 as is_damaged,
    cast(coalesce(line_sums.count_lines, 0) as bigint) as count_lines,
    cast(coalesce(line_sums.count_wrong_lines, 0) as bigint) as count_wrong_lines,
    cast({{ minutes_between('shipments.released_at', 'shipments.picked_at') }} as bigint) as minutes_to_pick,
    shipments.source_file_id,
    shipments.source_line,
    shipments.known_from
from shipments
left join line_sums
    on
        shipments.company = line_sums.company
        and shipments.shipment_id = line_sums.shipment_id
