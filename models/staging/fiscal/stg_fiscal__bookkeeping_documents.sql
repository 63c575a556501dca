with

known_versions as (
    select * from {{ known(source('fiscal', 'bookkeeping_documents')) }} as versions
),

renamed as (
    select
        company,
        business_unit,
        bookkeeping,
        establishment_tax_id,
        period_start,
        period_end,
        record_number,
        record_type,
        direction,
        issued_by,
        participant,
        model,
        situation,
        series,
        number,
        access_key,
        document_date,
        moved_date,
        total_brl,
        discount_brl,
        products_brl,
        icms_brl,
        icms_st_brl,
        ipi_brl,
        pis_brl,
        cofins_brl,
        _file_id as source_file_id,
        _line as source_line,
        _valid_from as known_from
    from known_versions
)

select * from renamed
