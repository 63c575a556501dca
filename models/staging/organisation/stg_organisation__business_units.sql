with

known_versions as (
    select * from {{ known(source('organisation', 'business_units')) }} as versions
),

renamed as (
    select
        company,
        business_unit,
        name as label,
        tax_id,
        city,
        state,
        coalesce(active, true) as is_active,
        _file_id as source_file_id,
        _line as source_line,
        _valid_from as known_from
    from known_versions
)

select * from renamed
