-- Bank lines with what their text says: a class by the rules of the seed, whoever is named, how many titles it pays.
-- A table, since every step of the reconciliation reads it.
{{ config(materialized='table') }}

with

lines as (
    select
        *,
        md5(
            company || '|' || bank_id || '|' || account_id || '|' || cast(posted_date as varchar) || '|'
            || transaction_id || '|' || cast(amount_brl as varchar) || '|' || memo_search || '|'
            || cast(occurrence as varchar)
        ) as line_id,
        case when amount_brl < 0 then 'out' else 'in' end as direction
    from {{ ref('stg_bank__bank_transactions') }}
),

fitting as (
    select
        lines.line_id,
        min_by(rules.category, rules.position) as category
    from lines
    inner join {{ ref('bank_line_rules') }} as rules
        on
            (lines.direction = rules.direction or rules.direction = 'any')
            and ' ' || lines.memo_search || ' ' like rules.pattern
    group by lines.line_id
)

select
    lines.line_id,
    lines.company,
    lines.business_unit,
    lines.bank_id,
    lines.account_id,
    lines.posted_date,
    lines.transaction_id,
    lines.occurrence,
    lines.transaction_type,
    lines.check_number,
    lines.memo,
    lines.amount_brl,
    abs(lines.amount_brl) as value_brl,
    lines.direction,
    lines.memo_search || ' ' || coalesce(lines.check_number_search, '') as words,
    coalesce(fitting.category, 'unclassified') as text_category,
    {{ party_in_text('lines.memo_search') }} as party_name,
    try_cast(
        {{ replace_all(first_match('lines.memo_search', '[0-9]+ TITULO'), '[^0-9]', '') }} as integer
    ) as stated_count,
    lines.source_file_id,
    lines.source_line,
    lines.known_from
from lines
left join fitting on lines.line_id = fitting.line_id
