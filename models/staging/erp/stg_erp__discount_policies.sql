-- A blank group or category means every one, so both stay null here.
with

known_versions as (
    select * from {{ known(source('erp', 'discount_policies')) }} as versions
),

renamed as (
    select
        company,
        business_unit,
        policy_id,
        nullif(trim(customer_group), '') as customer_group,
        nullif(trim(item_category), '') as item_category,
        limit_percent,
        valid_from,
        valid_to,
        _file_id as source_file_id,
        _line as source_line,
        _valid_from as known_from
    from known_versions
)

select * from renamed
