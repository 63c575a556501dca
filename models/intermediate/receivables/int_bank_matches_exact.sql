-- The number of a document stands in the text (or the bank's document number) and the amount is the same to the cent.
{{ config(materialized='table') }}

with

lines as (
    select lines.*
    from {{ ref('int_bank_lines_read') }} as lines
    left join {{ ref('int_bank_matches_transfers') }} as sent on lines.line_id = sent.out_line_id
    left join {{ ref('int_bank_matches_transfers') }} as arrived on lines.line_id = arrived.in_line_id
    where
        sent.out_line_id is null
        and arrived.in_line_id is null
),

words as (
    select
        line_id,
        {{ each_word('words') }} as word
    from lines
),

numbers as (
    select distinct
        line_id,
        {{ replace_all(replace_all('word', '[^0-9]', ''), '^0+', '') }} as document_number
    from words
),

candidates as (
    select
        lines.line_id,
        documents.document_id,
        abs({{ days_between('documents.settled_date', 'lines.posted_date') }}) as days_apart
    from lines
    inner join numbers on lines.line_id = numbers.line_id
    inner join {{ ref('int_bank_documents') }} as documents
        on
            lines.company = documents.company
            and lines.direction = documents.direction
            and lines.value_brl = documents.value_brl
            and numbers.document_number = documents.document_number
    where
        -- A short number is in many texts by chance.
        length(numbers.document_number) >= 4
        and abs({{ days_between('documents.settled_date', 'lines.posted_date') }}) <= 10
),

{{ one_to_one('candidates', 'line_id', 'document_id', 'days_apart, line_id, document_id') }}

select
    line_id,
    document_id,
    days_apart
from chosen
