-- Every version known at the moment of knowledge, not the last alone: the classes that a lawsuit had are its history.
with source as (

    select * from {{ source('legal', 'lawsuits') }}
    where _valid_from <= {{ as_of_timestamp() }}

),

renamed as (

    select
        company,
        business_unit,
        lawsuit_id,
        {{ pseudonym('plaintiff') }} as plaintiff,
        nature,
        filed_date,
        class as loss_class,
        class_changed_date,
        amount_brl,
        closed_date,
        -- when this version was replaced or its row vanished from a full export
        case when _valid_to <= {{ as_of_timestamp() }} then _valid_to end as known_to,
        _file_id as source_file_id,
        _line as source_line,
        _valid_from as known_from
    from source

)

select * from renamed
