-- One row a line of a bank statement, what it was, and whether a document or the ledger explains it.
-- The bank's own id is no key: some banks use it twice.
with

matched as (
    select
        line_id,
        min(rule) as match_rule,
        min(document_kind) as document_kind,
        count(*) as count_matches
    from {{ ref('fct_bank_line_matches') }}
    group by line_id
),

named as (
    select
        lines.*,
        matched.match_rule,
        coalesce(matched.count_matches, 0) as count_matches,
        -- What stands behind a line knows better than its text.
        case
            when matched.match_rule = 'own_transfer' then 'own_transfer'
            when matched.document_kind = 'payable' then 'suppliers'
            when matched.document_kind = 'receivable' then 'customers'
            else lines.text_category
        end as category
    from {{ ref('int_bank_lines_read') }} as lines
    left join matched on lines.line_id = matched.line_id
)

select
    line_id,
    company,
    business_unit,
    bank_id,
    account_id,
    posted_date,
    transaction_id,
    occurrence,
    amount_brl,
    direction,
    category,
    case
        when category = 'own_transfer' then 'none'
        when category in ('investing', 'financing') then category
        else 'operating'
    end as activity,
    match_rule is not null as is_reconciled,
    coalesce(match_rule, 'unmatched') as match_rule,
    count_matches,
    cast({{ days_between('posted_date', as_of_date()) }} as integer) as age_days,
    transaction_type,
    check_number,
    memo,
    source_file_id,
    source_line,
    known_from
from named
