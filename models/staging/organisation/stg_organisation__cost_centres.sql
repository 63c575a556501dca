with

known_versions as (
    select * from {{ known(source('organisation', 'cost_centres')) }} as versions
),

renamed as (
    select
        company,
        business_unit,
        cost_centre,
        name as label,
        {{ pseudonym('responsible') }} as responsible,
        coalesce(active, true) as is_active,
        _file_id as source_file_id,
        _line as source_line,
        _valid_from as known_from
    from known_versions
)

select * from renamed
