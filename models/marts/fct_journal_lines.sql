-- One row a line of a journal entry: what the records of an entry open to.
select
    company || '|' || entry_id as journal_entry_id,
    company,
    business_unit,
    entry_id,
    line_number,
    posting_date,
    period,
    account,
    cost_centre,
    document,
    debit_brl,
    credit_brl,
    source,
    module,
    entry_kind,
    reverses_entry_id,
    correction_reason,
    source_file_id,
    source_line,
    known_from
from {{ ref('stg_erp__journal_lines') }}
