with

known_versions as (
    select * from {{ known(source('fiscal', 'tax_filings')) }} as versions
),

renamed as (
    select
        company,
        business_unit,
        obligation,
        period,
        regime,
        {{ member('sphere') }} as sphere,
        due_date,
        filed_date,
        receipt,
        {{ pseudonym('responsible') }} as responsible,
        _file_id as source_file_id,
        _line as source_line,
        _valid_from as known_from
    from known_versions
)

select * from renamed
