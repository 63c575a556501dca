with

known_versions as (
    select * from {{ known(source('fiscal', 'fiscal_documents')) }} as versions
),

renamed as (
    select
        company,
        business_unit,
        access_key,
        protocol,
        model,
        series,
        number,
        environment,
        direction,
        {{ member('purpose') }} as purpose,
        emission_type,
        operation_nature,
        issued_at,
        issued_offset,
        departed_at,
        authorised_at,
        status_code,
        status_reason,
        {{ company_tax_id('issuer_tax_id') }} as issuer_tax_id,
        {{ pseudonym('issuer_name') }} as issuer_name,
        {{ member('issuer_state') }} as issuer_state,
        issuer_tax_regime,
        {{ company_tax_id('recipient_tax_id') }} as recipient_tax_id,
        {{ pseudonym('recipient_name') }} as recipient_name,
        {{ member('recipient_state') }} as recipient_state,
        order_reference,
        referenced_key,
        products_brl,
        discount_brl,
        freight_brl,
        insurance_brl,
        other_brl,
        services_brl,
        icms_brl,
        icms_st_brl,
        ipi_brl,
        pis_brl,
        cofins_brl,
        total_brl,
        count_items,
        _file_id as source_file_id,
        _line as source_line,
        _valid_from as known_from
    from known_versions
)

select * from renamed
