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
        max(case when not has_complete_documents then 1 else 0 end) as lacks_documents,
        max(case when has_complete_documents is null then 1 else 0 end) as has_unknown_documents,
        max(case when shipped_at is not null and count_lines = 0 then 1 else 0 end) as has_unknown_lines,
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
    -- what nobody recorded is neither complete nor incomplete
    case
        when summed.lacks_documents = 1 then false
        when summed.has_unknown_documents = 0 then true
    end as is_documented,
    summed.has_unknown_lines = 1 as has_unknown_lines,
    summed.has_damage = 1 as has_damage,
    last_carriers.carrier,
    last_carriers.warehouse
from summed
inner join last_carriers
    on
        summed.company = last_carriers.company
        and summed.order_id = last_carriers.order_id
