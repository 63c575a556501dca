with source as (

    select
        *,
        -- companies (14 characters, letters allowed since July 2026) are public; natural persons are masked
        length(
            replace(replace(replace(replace(counterparty_tax_id, '.', ''), '-', ''), '/', ''), ' ', '')
        ) = 14 as is_legal_entity
    from {{ known(source('legal', 'contracts')) }} as versions

),

renamed as (

    select
        company,
        business_unit,
        contract_id,
        title,
        {{ member('kind') }} as kind,
        case when is_legal_entity then counterparty else {{ pseudonym('counterparty') }} end as counterparty,
        case
            when is_legal_entity then counterparty_tax_id else {{ pseudonym('counterparty_tax_id') }}
        end as counterparty_tax_id,
        requested_date,
        signed_date,
        start_date,
        end_date,
        coalesce(notice_days, 0) as notice_days,
        value_brl,
        terminated_date,
        status,
        _file_id as source_file_id,
        _line as source_line,
        _valid_from as known_from
    from source

)

select * from renamed
