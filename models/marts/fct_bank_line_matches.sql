-- One row a bank line and what explains it: a document, a ledger entry, or the other line of a transfer. Each says its
-- rule; each document is used once; the rules are tried from the surest to the least sure.
with

matches as (
    select
        out_line_id as line_id,
        in_line_id as document_id,
        'own_transfer' as rule,
        days_apart,
        cast(null as double) as likeness
    from {{ ref('int_bank_matches_transfers') }}
    union all
    select
        in_line_id as line_id,
        out_line_id as document_id,
        'own_transfer' as rule,
        days_apart,
        cast(null as double) as likeness
    from {{ ref('int_bank_matches_transfers') }}
    union all
    select
        line_id,
        document_id,
        'exact' as rule,
        days_apart,
        cast(null as double) as likeness
    from {{ ref('int_bank_matches_exact') }}
    union all
    select
        line_id,
        document_id,
        'amount_and_name' as rule,
        days_apart,
        likeness
    from {{ ref('int_bank_matches_named') }}
    union all
    select
        line_id,
        document_id,
        'several' as rule,
        days_apart,
        likeness
    from {{ ref('int_bank_matches_party_day') }}
    union all
    select
        line_id,
        document_id,
        'several' as rule,
        days_apart,
        likeness
    from {{ ref('int_bank_matches_several') }}
    union all
    select
        line_id,
        document_id,
        'batch' as rule,
        days_apart,
        cast(null as double) as likeness
    from {{ ref('int_bank_matches_batch') }}
    union all
    select
        line_id,
        document_id,
        'ledger' as rule,
        days_apart,
        cast(null as double) as likeness
    from {{ ref('int_bank_matches_ledger') }}
)

select
    matches.line_id,
    matches.document_id,
    lines.company,
    lines.business_unit,
    lines.posted_date,
    matches.rule,
    case
        when matches.rule = 'own_transfer' then 'bank_line'
        when matches.rule = 'ledger' then 'journal_entry'
        else documents.document_kind
    end as document_kind,
    cast(
        case
            when matches.rule in ('own_transfer', 'ledger') then lines.amount_brl
            when lines.direction = 'out' then -documents.value_brl
            else documents.value_brl
        end as decimal(18, 2)
    ) as amount_brl,
    lines.amount_brl as line_amount_brl,
    cast(matches.days_apart as integer) as days_apart,
    cast(matches.likeness as decimal(6, 4)) as likeness,
    lines.source_file_id,
    lines.source_line
from matches
inner join {{ ref('int_bank_lines_read') }} as lines on matches.line_id = lines.line_id
left join {{ ref('int_bank_documents') }} as documents on matches.document_id = documents.document_id
