-- One row a line of a bank statement. The bank's own id is no key: some banks use it twice.
select
    company,
    business_unit,
    bank_id,
    account_id,
    posted_date,
    transaction_id,
    occurrence,
    amount_brl,
    case when amount_brl < 0 then 'out' else 'in' end as direction,
    transaction_type,
    check_number,
    memo,
    source_file_id,
    source_line,
    known_from
from {{ ref('stg_bank__bank_transactions') }}
