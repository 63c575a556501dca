-- Check-ins of key results that a KPI measures: what it said of the cycle so far, on each Sunday and on the last day.
with measured as (

    select * from {{ measured_key_results() }} as found

),

key_results as (

    select * from {{ ref('stg_strategy__key_results') }}
    where kpi is not null

)

select
    key_results.company,
    key_results.business_unit,
    key_results.key_result_id,
    key_results.kpi,
    key_results.kpi_business_unit,
    measured.check_in_date,
    cast(measured.value as decimal(18, 6)) as value,
    key_results.source_file_id,
    key_results.source_line
from measured
inner join key_results
    on
        measured.company = key_results.company
        and measured.key_result_id = key_results.key_result_id
