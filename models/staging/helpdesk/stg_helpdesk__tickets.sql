with source as (

    select * from {{ known(source('helpdesk', 'tickets')) }}

),

renamed as (

    select
        company,
        business_unit,
        ticket_id,
        desk,
        {{ member('category') }} as category,
        priority,
        {{ pseudonym('requester') }} as requester,
        opened_at,
        first_reply_at,
        resolved_at,
        coalesce(count_reopened, 0) as count_reopened,
        status,
        _file_id as source_file_id,
        _line as source_line,
        _valid_from as known_from
    from source

)

select * from renamed
