with source as (

    select * from {{ known(source('strategy', 'objectives')) }}

),

renamed as (

    select
        company,
        business_unit,
        objective_id,
        title,
        {{ pseudonym('owner') }} as owner,
        cycle,
        cycle_start_date,
        cycle_end_date,
        weight,
        _file_id as source_file_id,
        _line as source_line,
        _valid_from as known_from
    from source

)

select * from renamed
