-- The same amount within five days, and the text names the party of the document. Never the amount alone.
{{ config(materialized='table') }}

with

-- Of several alike on one day the first belongs to the first, the second to the second.
lines as (
    select
        *,
        row_number() over (
            partition by company, direction, value_brl, posted_date, party_name
            order by line_id
        ) as turn
    from {{ ref('int_bank_lines_unmatched') }}
    where party_name <> ''
),

documents as (
    select
        documents.*,
        row_number() over (
            partition by
                documents.company,
                documents.direction,
                documents.value_brl,
                documents.settled_date,
                documents.party_name
            order by documents.document_id
        ) as turn
    from {{ ref('int_bank_documents') }} as documents
    left join {{ ref('int_bank_matches_exact') }} as exact_matches
        on documents.document_id = exact_matches.document_id
    where exact_matches.document_id is null
),

line_names as (
    select distinct
        company,
        direction,
        party_name
    from lines
),

document_names as (
    select distinct
        company,
        direction,
        party_name
    from documents
),

-- Names are compared once a pair of names, not once a pair of rows, and only where they begin alike.
compared as (
    select
        line_names.company,
        line_names.direction,
        line_names.party_name as line_name,
        document_names.party_name as document_name,
        {{ name_likeness('line_names.party_name', 'document_names.party_name') }} as likeness
    from line_names
    inner join document_names
        on
            line_names.company = document_names.company
            and line_names.direction = document_names.direction
            and substr(line_names.party_name, 1, 3) = substr(document_names.party_name, 1, 3)
),

parties as (
    select * from compared
    where likeness >= 0.92
),

candidates as (
    select
        lines.line_id,
        documents.document_id,
        abs(offsets.days) as days_apart,
        abs(lines.turn - documents.turn) as turns_apart,
        parties.likeness
    from lines
    cross join {{ day_offsets(-5, 5) }} as offsets
    inner join parties
        on
            lines.company = parties.company
            and lines.direction = parties.direction
            and lines.party_name = parties.line_name
    inner join documents
        on
            lines.company = documents.company
            and lines.direction = documents.direction
            and lines.value_brl = documents.value_brl
            and parties.document_name = documents.party_name
            and {{ add_days('lines.posted_date', 'offsets.days') }} = documents.settled_date
),

{{ one_to_one(
    'candidates', 'line_id', 'document_id',
    'likeness desc, days_apart asc, turns_apart asc, line_id asc, document_id asc'
) }}

select
    line_id,
    document_id,
    days_apart,
    likeness
from chosen
