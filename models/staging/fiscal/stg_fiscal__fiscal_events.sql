with

known_versions as (
    select * from {{ known(source('fiscal', 'fiscal_events')) }} as versions
),

renamed as (
    select
        company,
        business_unit,
        access_key,
        event_type,
        sequence,
        protocol,
        environment,
        {{ company_tax_id('issuer_tax_id') }} as issuer_tax_id,
        {{ company_tax_id('author_tax_id') }} as author_tax_id,
        event_at,
        registered_at,
        status_code,
        status_reason,
        description,
        document_protocol,
        justification,
        substitute_key,
        _file_id as source_file_id,
        _line as source_line,
        _valid_from as known_from
    from known_versions
)

select * from renamed
