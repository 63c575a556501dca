with

known_versions as (
    select * from {{ known(source('fiscal', 'fiscal_document_instalments')) }} as versions
),

renamed as (
    select
        company,
        business_unit,
        access_key,
        instalment,
        due_date,
        amount_brl,
        _file_id as source_file_id,
        _line as source_line,
        _valid_from as known_from
    from known_versions
)

select * from renamed
