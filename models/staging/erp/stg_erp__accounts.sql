with

known_versions as (
    select * from {{ known(source('erp', 'accounts')) }} as versions
),

renamed as (
    select
        company,
        business_unit,
        account,
        name as account_name,
        nature,
        parent_account,
        coalesce(cash_flow, 'none') as cash_flow,
        coalesce(active, true) as is_active,
        _file_id as source_file_id,
        _line as source_line,
        _valid_from as known_from
    from known_versions
)

select * from renamed
