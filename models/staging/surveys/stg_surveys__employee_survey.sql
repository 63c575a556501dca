-- Comments and tokens stay in raw: small groups would be known by them.
with source as (

    select * from {{ known(source('surveys', 'employee_survey')) }}

),

renamed as (

    select
        company,
        business_unit,
        wave,
        {{ person_key('company', 'response_id') }} as response_key,
        {{ person_key('company', 'respondent_id') }} as respondent_key,
        {{ member('department') }} as department,
        sent_at,
        answered_at,
        cast(score as integer) as score,
        _file_id as source_file_id,
        _line as source_line,
        _valid_from as known_from
    from source

)

select * from renamed
