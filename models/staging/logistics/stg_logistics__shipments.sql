with

known_versions as (
    select * from {{ known(source('logistics', 'shipments')) }} as versions
),

renamed as (
    select
        company,
        business_unit,
        shipment_id,
        order_id,
        {{ member('warehouse') }} as warehouse,
        {{ member('carrier') }} as carrier,
        nullif(trim(invoice_number), '') as invoice_number,
        released_at,
        picked_at,
        shipped_at,
        promised_at,
        delivered_at,
        documents_complete as has_complete_documents,
        coalesce(damaged, false) as is_damaged,
        _file_id as source_file_id,
        _line as source_line,
        _valid_from as known_from
    from known_versions
)

select * from renamed
