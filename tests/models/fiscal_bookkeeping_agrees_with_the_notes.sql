-- Every note that the tax bookkeeping tells is the note of the XML, to the cent; cancelled ones have no amount there.
{{ config(severity='warn') }}

select
    booked.access_key,
    booked.total_brl as booked_brl,
    documents.total_brl,
    documents.status
from {{ ref('stg_fiscal__bookkeeping_documents') }} as booked
inner join {{ ref('fct_fiscal_documents') }} as documents on booked.access_key = documents.access_key
where
    (booked.situation = '00' and booked.total_brl <> documents.total_brl)
    or (booked.situation = '02' and documents.status <> 'cancelled')
