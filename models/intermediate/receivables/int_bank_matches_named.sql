-- The same amount within five days, and the text names the party of the document. Never the amount alone.
{{ config(materialized='table') }}

with

lines as (
    select * from {{ ref('int_bank_lines_unmatched') }}
    where party_name <> ''
),

documents as (
    select documents.*
    from {{ ref('int_bank_documents') }} as documents
    left join {{ ref('int_bank_matches_exact') }} as exact_matches
        on documents.document_id = exact_matches.document_id
    where exact_matches.document_id is null
),

alike as (
    select
        lines.line_id,
        documents.document_id,
        abs({{ days_between('documents.settled_date', 'lines.posted_date') }}) as days_apart,
        {{ name_likeness('lines.party_name', 'documents.party_name') }} as likeness
    from lines
    inner join documents
        on
            lines.company = documents.company
            and lines.direction = documents.direction
            and lines.value_brl = documents.value_brl
    where abs({{ days_between('documents.settled_date', 'lines.posted_date') }}) <= 5
),

candidates as (
    select * from alike
    where likeness >= 0.92
),

{{ one_to_one('candidates', 'line_id', 'document_id', 'likeness desc, days_apart asc, line_id asc, document_id asc') }}

select
    line_id,
    document_id,
    days_apart,
    likeness
from chosen
