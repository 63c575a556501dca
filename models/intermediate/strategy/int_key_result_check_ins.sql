-- People's check-ins, and for key results that a KPI measures what the KPI said instead.
with reported as (

    select
        check_ins.company,
        check_ins.key_result_id,
        check_ins.check_in_date,
        check_ins.value,
        check_ins.confidence,
        check_ins.source_file_id,
        check_ins.source_line
    from {{ ref('stg_strategy__check_ins') }} as check_ins
    left join {{ ref('stg_strategy__key_results') }} as key_results
        on
            check_ins.company = key_results.company
            and check_ins.key_result_id = key_results.key_result_id
    where key_results.kpi is null

),

measured as (

    select
        company,
        key_result_id,
        check_in_date,
        value,
        cast(null as decimal(18, 6)) as confidence,
        source_file_id,
        source_line
    from {{ ref('fct_kpi_check_ins') }}

)

select * from reported
union all
select * from measured
