with

known_versions as (
    select * from {{ known(source('organisation', 'companies')) }} as versions
),

renamed as (
    select
        company,
        name as label,
        tax_id,
        {{ member('tax_regime') }} as tax_regime,
        coalesce(active, true) as is_active,
        _file_id as source_file_id,
        _line as source_line,
        _valid_from as known_from
    from known_versions
)

select * from renamed
