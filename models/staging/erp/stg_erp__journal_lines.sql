with

known_versions as (
    select * from {{ known(source('erp', 'journal_lines')) }} as versions
),

renamed as (
    select
        company,
        business_unit,
        entry_id,
        line_number,
        posting_date,
        period,
        account,
        debit_brl,
        credit_brl,
        source,
        {{ member('module') }} as module,
        {{ pseudonym('preparer') }} as preparer,
        entry_kind,
        nullif(trim(reverses_entry_id), '') as reverses_entry_id,
        nullif(trim(correction_reason), '') as correction_reason,
        {{ member('cost_centre') }} as cost_centre,
        nullif(trim(document), '') as document,
        _file_id as source_file_id,
        _line as source_line,
        _valid_from as known_from
    from known_versions
)

select * from renamed
