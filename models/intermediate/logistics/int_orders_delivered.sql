-- One row an order with shipments: delivered when the last thing that was sent has arrived.
with

shipments as (
    select * from {{ ref('fct_shipments') }}
),

summed as (
    select
        company,
        order_id,
        count(*) as count_shipments,
        min(shipped_at) as first_shipped_at,
        case when count(delivered_at) = count(*) then max(delivered_at) end as delivered_at,
        max(case when coalesce(has_complete_documents, false) then 0 else 1 end) as lacks_documents,
        max(case when is_damaged then 1 else 0 end) as has_damage,
        max(coalesce(delivered_at, released_at)) as last_moment
    from shipments
    group by company, order_id
),

last_carriers as (
    select
        shipments.company,
        shipments.order_id,
        max(shipments.carrier) as carrier,
        max(shipments.warehouse) as warehouse
    from shipments
    inner join summed
        on
            shipments.company = summed.company
            and shipments.order_id = summed.order_id
            and coalesce(shipments.delivered_at, shipments.released_at) = summed.last_moment
    group by shipments.company, shipments.order_id
)

select
    summed.company,
    summed.order_id,
    summed.count_shipments,
    summed.first_shipped_at,
    summed.delivered_at,
    summed.lacks_documents = 1 as lacks_documents,
    summed.has_damage = 1 as has_damage,
    last_carriers.carrier,
    last_carriers.warehouse
from summed
inner join last_carriers
    on
        summed.company = last_carriers.company
        and summed.order_id = last_carriers.order_id
