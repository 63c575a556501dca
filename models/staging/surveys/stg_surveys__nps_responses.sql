with source as (

    select * from {{ known(source('surveys', 'nps_responses')) }}

),

renamed as (

    select
        company,
        business_unit,
        response_id,
        wave,
        -- the whole hash tells respondents apart; the short pseudonym is what people see
        md5(concat(company, '|', respondent_id)) as respondent_key,
        {{ pseudonym('respondent_id') }} as respondent,
        {{ member('segment') }} as segment,
        {{ member('channel') }} as channel,
        sent_at,
        answered_at,
        cast(score as integer) as score,
        nullif(trim(comment), '') as comment,
        _file_id as source_file_id,
        _line as source_line,
        _valid_from as known_from
    from source

)

select * from renamed
