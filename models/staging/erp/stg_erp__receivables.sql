with

known_versions as (
    select * from {{ known(source('erp', 'receivables')) }} as versions
),

renamed as (
    select
        company,
        business_unit,
        customer_id,
        document,
        instalment,
        issue_date,
        due_date,
        settled_date,
        amount_brl,
        settled_amount_brl,
        coalesce(disputed, false) as is_disputed,
        status,
        _file_id as source_file_id,
        _line as source_line,
        _valid_from as known_from
    from known_versions
)

select * from renamed
