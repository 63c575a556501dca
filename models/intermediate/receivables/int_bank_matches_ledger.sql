-- What no document explains (wages, taxes, fees, loans, card sales): the same amount, unit and class of cash flow, by
-- the text on one side and by the account on the other, posted within three days.
{{ config(materialized='table') }}

with

-- Of several alike on one day (fees) the first belongs to the first, the second to the second.
lines as (
    select
        lines.*,
        row_number() over (
            partition by lines.company, lines.business_unit, lines.amount_brl, lines.posted_date, lines.text_category
            order by lines.line_id
        ) as turn
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

entries as (
    select
        *,
        row_number() over (
            partition by company, business_unit, amount_brl, posting_date, category
            order by document_id
        ) as turn
    from {{ ref('int_bank_ledger_entries') }}
),

candidates as (
    select
        lines.line_id,
        entries.document_id,
        abs(offsets.days) as days_apart,
        abs(lines.turn - entries.turn) as turns_apart
    from lines
    cross join {{ day_offsets(-3, 3) }} as offsets
    inner join entries
        on
            lines.company = entries.company
            and lines.business_unit = entries.business_unit
            and lines.amount_brl = entries.amount_brl
            and lines.text_category = entries.category
            and {{ add_days('lines.posted_date', 'offsets.days') }} = entries.posting_date
),

{{ one_to_one('candidates', 'line_id', 'document_id', 'days_apart, turns_apart, line_id, document_id') }}

select
    line_id,
    document_id,
    days_apart
from chosen
