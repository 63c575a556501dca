with

known_versions as (
    select * from {{ known(source('erp', 'orders')) }} as versions
),

renamed as (
    select
        company,
        business_unit,
        order_id,
        customer_id,
        {{ member('customer_group') }} as customer_group,
        channel,
        {{ pseudonym('salesperson') }} as salesperson,
        entered_at,
        promised_date,
        total_brl,
        corrected_at,
        nullif(trim(correction_reason), '') as correction_reason,
        cancelled_at,
        nullif(trim(cancellation_reason), '') as cancellation_reason,
        status,
        _file_id as source_file_id,
        _line as source_line,
        _valid_from as known_from
    from known_versions
)

select * from renamed
