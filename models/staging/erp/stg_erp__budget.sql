with

known_versions as (
    select * from {{ known(source('erp', 'budget')) }} as versions
),

renamed as (
    select
        company,
        business_unit,
        account,
        {{ member('cost_centre') }} as cost_centre,
        month as period,
        cast(month || '-01' as date) as month_start,
        amount_brl,
        _file_id as source_file_id,
        _line as source_line,
        _valid_from as known_from
    from known_versions
)

select * from renamed
