with

known_versions as (
    select * from {{ known(source('bank', 'collection_returns')) }} as versions
),

renamed as (
    select
        company,
        business_unit,
        bank_id,
        {{ pseudonym('account_id') }} as account_id,
        our_number,
        document,
        company_reference,
        due_date,
        occurrence_date,
        credit_date,
        face_brl,
        paid_brl,
        net_brl,
        fee_brl,
        interest_brl,
        discount_brl,
        rebate_brl,
        occurrence_code,
        event,
        occurrence,
        event_number,
        _file_id as source_file_id,
        _line as source_line,
        _valid_from as known_from
    from known_versions
)

select * from renamed
