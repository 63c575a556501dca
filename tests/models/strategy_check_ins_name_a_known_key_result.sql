-- A check-in of a key result that nobody exported is not counted.
{{ config(severity='warn') }}

select
    check_ins.company,
    check_ins.key_result_id,
    check_ins.check_in_date,
    check_ins.source_file_id,
    check_ins.source_line
from {{ ref('stg_strategy__check_ins') }} as check_ins
left join {{ ref('fct_key_results') }} as key_results
    on
        check_ins.company = key_results.company
        and check_ins.key_result_id = key_results.key_result_id
where key_results.key_result_id is null
