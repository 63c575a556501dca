with

known_versions as (
    select * from {{ known(source('fiscal', 'ledger_balances')) }} as versions
),

renamed as (
    select
        company,
        business_unit,
        period_start,
        period_end,
        account,
        cost_centre,
        opening_balance_brl,
        debit_brl,
        credit_brl,
        closing_balance_brl,
        _file_id as source_file_id,
        _line as source_line,
        _valid_from as known_from
    from known_versions
)

select * from renamed
