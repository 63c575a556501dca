with

known_versions as (
    select * from {{ known(source('erp', 'purchase_requests')) }} as versions
),

renamed as (
    select
        company,
        business_unit,
        request_id,
        {{ member('category') }} as category,
        {{ member('cost_centre') }} as cost_centre,
        {{ pseudonym('requester') }} as requester,
        nullif(trim(supplier_id), '') as supplier_id,
        nullif(trim(purchase_order), '') as purchase_order,
        requested_date,
        approved_date,
        ordered_date,
        received_date,
        amount_brl,
        nullif(trim(document), '') as document,
        status,
        _file_id as source_file_id,
        _line as source_line,
        _valid_from as known_from
    from known_versions
)

select * from renamed
