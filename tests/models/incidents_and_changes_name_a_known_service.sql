-- An interruption of a service without agreed hours takes nothing from any availability: say so.
{{ config(severity='warn') }}

with records as (

    select
        'incidents' as records_of,
        company,
        service_id,
        source_file_id,
        source_line
    from {{ ref('stg_it__incidents') }}

    union all

    select
        'changes' as records_of,
        company,
        service_id,
        source_file_id,
        source_line
    from {{ ref('stg_it__changes') }}

)

select
    records.records_of,
    records.service_id,
    records.source_file_id,
    records.source_line
from records
left join {{ ref('stg_it__services') }} as services
    on
        records.company = services.company
        and records.service_id = services.service_id
where services.service_id is null
