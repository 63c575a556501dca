with source as (

    select * from {{ known(source('helpdesk', 'ticket_events')) }}

),

renamed as (

    select
        company,
        business_unit,
        ticket_id,
        event_at,
        event,
        _file_id as source_file_id,
        _line as source_line,
        _valid_from as known_from
    from source

)

select * from renamed
