with

known_versions as (
    select * from {{ known(source('bank', 'balances')) }} as versions
),

renamed as (
    select
        company,
        business_unit,
        bank_id,
        {{ pseudonym('account_id') }} as account_id,
        balance_date,
        ledger_balance_brl,
        _file_id as source_file_id,
        _line as source_line,
        _valid_from as known_from
    from known_versions
)

select * from renamed
