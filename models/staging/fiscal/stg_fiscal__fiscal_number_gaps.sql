with

known_versions as (
    select * from {{ known(source('fiscal', 'fiscal_number_gaps')) }} as versions
),

renamed as (
    select
        company,
        business_unit,
        {{ company_tax_id('issuer_tax_id') }} as issuer_tax_id,
        model,
        series,
        year,
        first_number,
        last_number,
        protocol,
        environment,
        state,
        registered_at,
        status_code,
        status_reason,
        justification,
        _file_id as source_file_id,
        _line as source_line,
        _valid_from as known_from
    from known_versions
)

select * from renamed
