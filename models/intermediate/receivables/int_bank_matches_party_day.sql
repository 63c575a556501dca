-- One line pays everything that the party named in its text settled on one day, however many documents that are.
{{ config(materialized='table') }}

with

lines as (
    select lines.*
    from {{ ref('int_bank_lines_unmatched') }} as lines
    left join {{ ref('int_bank_matches_named') }} as named on lines.line_id = named.line_id
    where
        named.line_id is null
        and lines.party_name <> ''
),

documents as (
    select
        documents.*,
        documents.company || '|' || documents.document_kind || '|' || documents.party_id || '|'
        || cast(documents.settled_date as varchar) as batch_id
    from {{ ref('int_bank_documents') }} as documents
    left join {{ ref('int_bank_matches_exact') }} as exact_matches
        on documents.document_id = exact_matches.document_id
    left join {{ ref('int_bank_matches_named') }} as named on documents.document_id = named.document_id
    where
        exact_matches.document_id is null
        and named.document_id is null
),

batches as (
    select
        batch_id,
        company,
        direction,
        party_name,
        settled_date,
        sum(value_brl) as value_brl
    from documents
    group by batch_id, company, direction, party_name, settled_date
    having count(*) > 1
),

alike as (
    select
        lines.line_id,
        batches.batch_id,
        abs(offsets.days) as days_apart,
        {{ name_likeness('lines.party_name', 'batches.party_name') }} as likeness
    from lines
    cross join {{ day_offsets(-5, 5) }} as offsets
    inner join batches
        on
            lines.company = batches.company
            and lines.direction = batches.direction
            and lines.value_brl = batches.value_brl
            and {{ add_days('lines.posted_date', 'offsets.days') }} = batches.settled_date
),

candidates as (
    select * from alike
    where likeness >= 0.92
),

{{ one_to_one('candidates', 'line_id', 'batch_id', 'likeness desc, days_apart asc, line_id asc, batch_id asc') }}

select
    chosen.line_id,
    documents.document_id,
    chosen.days_apart,
    chosen.likeness
from chosen
inner join documents on chosen.batch_id = documents.batch_id
