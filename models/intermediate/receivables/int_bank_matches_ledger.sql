-- What no document explains (wages, taxes, fees, loans, card sales): the same amount, unit and class of cash flow, by
-- the text on one side and by the account on the other, posted within three days.
{{ config(materialized='table') }}

with

lines as (
    select lines.*
    from {{ ref('int_bank_lines_unmatched') }} as lines
    left join {{ ref('int_bank_matches_named') }} as named on lines.line_id = named.line_id
    left join (select distinct line_id from {{ ref('int_bank_matches_party_day') }}) as party_days
        on lines.line_id = party_days.line_id
    left join (select distinct line_id from {{ ref('int_bank_matches_several') }}) as several
        on lines.line_id = several.line_id
    left join (select distinct line_id from {{ ref('int_bank_matches_batch') }}) as batches
        on lines.line_id = batches.line_id
    where
        named.line_id is null
        and party_days.line_id is null
        and several.line_id is null
        and batches.line_id is null
        and lines.text_category <> 'unclassified'
),

candidates as (
    select
        lines.line_id,
        entries.document_id,
        abs({{ days_between('entries.posting_date', 'lines.posted_date') }}) as days_apart
    from lines
    inner join {{ ref('int_bank_ledger_entries') }} as entries
        on
            lines.company = entries.company
            and lines.business_unit = entries.business_unit
            and lines.amount_brl = entries.amount_brl
            and lines.text_category = entries.category
    where abs({{ days_between('entries.posting_date', 'lines.posted_date') }}) <= 3
),

{{ one_to_one('candidates', 'line_id', 'document_id', 'days_apart, line_id, document_id') }}

select
    line_id,
    document_id,
    days_apart
from chosen
