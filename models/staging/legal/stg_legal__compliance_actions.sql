with source as (

    select * from {{ known(source('legal', 'compliance_actions')) }}

),

renamed as (

    select
        company,
        business_unit,
        action_id,
        title,
        {{ member('subject') }} as subject,
        {{ pseudonym('responsible') }} as responsible,
        due_date,
        done_date,
        coalesce(cancelled, false) as is_cancelled,
        _file_id as source_file_id,
        _line as source_line,
        _valid_from as known_from
    from source

)

select * from renamed
