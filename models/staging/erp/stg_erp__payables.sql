with

known_versions as (
    select * from {{ known(source('erp', 'payables')) }} as versions
),

renamed as (
    select
        company,
        business_unit,
        supplier_id,
        document,
        instalment,
        issue_date,
        receipt_date,
        due_date,
        paid_date,
        amount_brl,
        paid_amount_brl,
        {{ member('cost_centre') }} as cost_centre,
        {{ member('category') }} as category,
        coalesce(disputed, false) as is_disputed,
        status,
        corrected_date,
        _file_id as source_file_id,
        _line as source_line,
        _valid_from as known_from
    from known_versions
)

select * from renamed
