-- A correction of an entry that no export holds counts nowhere: the exports may begin too late.
{{ config(severity='warn') }}

select
    corrections.journal_entry_id,
    corrections.reverses_entry_id,
    corrections.source_file_id,
    corrections.source_line
from {{ ref('fct_journal_entries') }} as corrections
left join {{ ref('fct_journal_entries') }} as origins
    on
        corrections.company = origins.company
        and corrections.reverses_entry_id = origins.entry_id
where
    corrections.reverses_entry_id is not null
    and origins.entry_id is null
