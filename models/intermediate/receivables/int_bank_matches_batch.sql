-- One line pays everything that a unit settled on one day, as batches of payments and boletos do: the text names nobody
-- and says what it is, the account is the unit's, the line comes within three days, and the whole of the documents that
-- no other rule has explained adds up to it. If the text states how many titles, that number must agree; then one
-- document of the day may also stay out.
{{ config(materialized='table') }}

with

lines as (
    select lines.*
    from {{ ref('int_bank_lines_unmatched') }} as lines
    where
        lines.party_name = ''
        and lines.text_category in ('suppliers', 'customers')
),

documents as (
    select
        documents.*,
        documents.company || '|' || documents.business_unit || '|' || documents.document_kind || '|'
        || cast(documents.settled_date as varchar) as batch_id
    from {{ ref('int_bank_documents') }} as documents
    left join {{ ref('int_bank_matches_exact') }} as exact_matches
        on documents.document_id = exact_matches.document_id
    left join {{ ref('int_bank_matches_named') }} as named on documents.document_id = named.document_id
    left join {{ ref('int_bank_matches_party_day') }} as party_days
        on documents.document_id = party_days.document_id
    left join {{ ref('int_bank_matches_several') }} as several on documents.document_id = several.document_id
    where
        exact_matches.document_id is null
        and named.document_id is null
        and party_days.document_id is null
        and several.document_id is null
),

batches as (
    select
        batch_id,
        company,
        business_unit,
        direction,
        settled_date,
        count(*) as count_documents,
        sum(value_brl) as value_brl
    from documents
    group by batch_id, company, business_unit, direction, settled_date
),

near as (
    select
        lines.line_id,
        lines.value_brl as line_value_brl,
        lines.stated_count,
        batches.batch_id,
        batches.value_brl,
        batches.count_documents,
        {{ days_between('batches.settled_date', 'lines.posted_date') }} as days_apart
    from lines
    inner join batches
        on
            lines.company = batches.company
            and lines.business_unit = batches.business_unit
            and lines.direction = batches.direction
            and lines.posted_date >= batches.settled_date
            and lines.value_brl <= batches.value_brl
    where
        {{ days_between('batches.settled_date', 'lines.posted_date') }} <= 3
        and lines.text_category = case batches.direction when 'out' then 'suppliers' else 'customers' end
),

candidates as (
    select
        line_id,
        batch_id,
        '' as left_out_document_id,
        days_apart
    from near
    where
        value_brl = line_value_brl
        and (stated_count is null or stated_count = count_documents)
    union all
    select
        near.line_id,
        near.batch_id,
        documents.document_id as left_out_document_id,
        near.days_apart
    from near
    inner join documents
        on
            near.batch_id = documents.batch_id
            and near.value_brl - near.line_value_brl = documents.value_brl
    where
        near.value_brl > near.line_value_brl
        and near.stated_count = near.count_documents - 1
),

{{ one_to_one('candidates', 'line_id', 'batch_id', 'days_apart, left_out_document_id, line_id, batch_id') }}

select
    chosen.line_id,
    documents.document_id,
    chosen.days_apart
from chosen
inner join documents
    on
        chosen.batch_id = documents.batch_id
        and chosen.left_out_document_id <> documents.document_id
