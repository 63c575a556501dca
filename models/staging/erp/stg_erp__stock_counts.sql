with

known_versions as (
    select * from {{ known(source('erp', 'stock_counts')) }} as versions
),

renamed as (
    select
        company,
        business_unit,
        {{ member('warehouse') }} as warehouse,
        item_id,
        counted_date,
        book_quantity,
        counted_quantity,
        {{ pseudonym('counter') }} as counter,
        _file_id as source_file_id,
        _line as source_line,
        _valid_from as known_from
    from known_versions
)

select * from renamed
