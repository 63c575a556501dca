with

known_versions as (
    select * from {{ known(source('erp', 'closings')) }} as versions
),

renamed as (
    select
        company,
        business_unit,
        period,
        cast(period || '-01' as date) as period_start,
        {{ month_end("cast(period || '-01' as date)") }} as period_end,
        locked_at,
        {{ local_date('locked_at') }} as locked_date,
        {{ pseudonym('locked_by') }} as locked_by,
        _file_id as source_file_id,
        _line as source_line,
        _valid_from as known_from
    from known_versions
)

select * from renamed
