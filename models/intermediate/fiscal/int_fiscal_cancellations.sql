-- The cancellation of a document stands in a file of its own: the first one that the tax authority has registered.
select
    access_key,
    min(registered_at) as cancelled_at,
    min_by(event_type, registered_at) as event_type,
    min_by(justification, registered_at) as justification
from {{ ref('stg_fiscal__fiscal_events') }}
where
    event_type in ('110111', '110112')
    and status_code in ('135', '136', '155')
    and registered_at <= {{ as_of_timestamp() }}
group by access_key
