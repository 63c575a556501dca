with

known_versions as (
    select * from {{ known(source('bank', 'bank_transactions')) }} as versions
),

renamed as (
    select
        company,
        business_unit,
        bank_id,
        {{ pseudonym('account_id') }} as account_id,
        posted_date,
        amount_brl,
        {{ member('transaction_type') }} as transaction_type,
        transaction_id,
        check_number,
        {{ pseudonym('memo') }} as memo,
        -- For matching and for telling what a line is; never published.
        {{ search_text('memo') }} as memo_search,
        {{ search_text('check_number') }} as check_number_search,
        occurrence,
        _file_id as source_file_id,
        _line as source_line,
        _valid_from as known_from
    from known_versions
)

select * from renamed
