-- One line pays two to four documents of the party that its text names. Bounded: of each line the eight documents
-- nearest in time, within five days, are tried; the fewest documents win, then the nearest, and a document that two
-- lines want goes to the better of the two.
{{ config(materialized='table') }}

with

lines as (
    select lines.*
    from {{ ref('int_bank_lines_unmatched') }} as lines
    left join {{ ref('int_bank_matches_named') }} as named on lines.line_id = named.line_id
    left join (select distinct line_id from {{ ref('int_bank_matches_party_day') }}) as party_days
        on lines.line_id = party_days.line_id
    where
        named.line_id is null
        and party_days.line_id is null
        and lines.party_name <> ''
),

documents as (
    select documents.*
    from {{ ref('int_bank_documents') }} as documents
    left join {{ ref('int_bank_matches_exact') }} as exact_matches
        on documents.document_id = exact_matches.document_id
    left join {{ ref('int_bank_matches_named') }} as named on documents.document_id = named.document_id
    left join {{ ref('int_bank_matches_party_day') }} as party_days
        on documents.document_id = party_days.document_id
    where
        exact_matches.document_id is null
        and named.document_id is null
        and party_days.document_id is null
),

-- Names are compared once a pair of names, not once a document.
parties as (
    select distinct
        lines.company,
        lines.direction,
        lines.party_name as line_name,
        documents.party_id,
        {{ name_likeness('lines.party_name', 'documents.party_name') }} as likeness
    from lines
    cross join {{ day_offsets(-5, 5) }} as offsets
    inner join documents
        on
            lines.company = documents.company
            and lines.direction = documents.direction
            -- Names of one party begin alike: comparing only those keeps the work bounded.
            and substr(lines.party_name, 1, 3) = substr(documents.party_name, 1, 3)
            and {{ add_days('lines.posted_date', 'offsets.days') }} = documents.settled_date
),

near as (
    select
        lines.line_id,
        lines.value_brl as line_value_brl,
        documents.document_id,
        documents.party_id,
        documents.value_brl,
        parties.likeness,
        abs({{ days_between('documents.settled_date', 'lines.posted_date') }}) as days_apart,
        row_number() over (
            partition by lines.line_id, documents.party_id
            order by
                abs({{ days_between('documents.settled_date', 'lines.posted_date') }}),
                documents.settled_date,
                documents.document_id
        ) as place
    from lines
    inner join parties
        on
            lines.company = parties.company
            and lines.direction = parties.direction
            and lines.party_name = parties.line_name
    inner join documents
        on
            lines.company = documents.company
            and lines.direction = documents.direction
            and parties.party_id = documents.party_id
            and lines.value_brl > documents.value_brl
    where
        parties.likeness >= 0.92
        and abs({{ days_between('documents.settled_date', 'lines.posted_date') }}) <= 5
),

tried as (
    select * from near
    where place <= 8
),

pairs as (
    select
        one.line_id,
        one.party_id,
        one.line_value_brl,
        one.likeness,
        one.place as first_place,
        two.place as second_place,
        one.value_brl + two.value_brl as sum_brl,
        one.days_apart + two.days_apart as sum_days
    from tried as one
    inner join tried as two
        on
            one.line_id = two.line_id
            and one.party_id = two.party_id
            and one.place < two.place
    where one.value_brl + two.value_brl <= one.line_value_brl
),

triples as (
    select
        pairs.*,
        three.place as third_place,
        pairs.sum_brl + three.value_brl as sum_of_three_brl,
        pairs.sum_days + three.days_apart as sum_days_of_three
    from pairs
    inner join tried as three
        on
            pairs.line_id = three.line_id
            and pairs.party_id = three.party_id
            and pairs.second_place < three.place
    where pairs.sum_brl + three.value_brl <= pairs.line_value_brl
),

combinations as (
    select
        line_id,
        party_id,
        likeness,
        2 as count_documents,
        sum_days,
        first_place,
        second_place,
        0 as third_place,
        0 as fourth_place
    from pairs
    where sum_brl = line_value_brl
    union all
    select
        line_id,
        party_id,
        likeness,
        3 as count_documents,
        sum_days_of_three as sum_days,
        first_place,
        second_place,
        third_place,
        0 as fourth_place
    from triples
    where sum_of_three_brl = line_value_brl
    union all
    select
        triples.line_id,
        triples.party_id,
        triples.likeness,
        4 as count_documents,
        triples.sum_days_of_three + four.days_apart as sum_days,
        triples.first_place,
        triples.second_place,
        triples.third_place,
        four.place as fourth_place
    from triples
    inner join tried as four
        on
            triples.line_id = four.line_id
            and triples.party_id = four.party_id
            and triples.third_place < four.place
    where triples.sum_of_three_brl + four.value_brl = triples.line_value_brl
),

best as (
    select
        *,
        row_number() over (
            partition by line_id
            order by
                likeness desc, count_documents asc, sum_days asc, party_id asc,
                first_place asc, second_place asc, third_place asc, fourth_place asc
        ) as line_rank
    from combinations
),

ranked as (
    select
        *,
        row_number() over (order by likeness desc, count_documents asc, sum_days asc, line_id asc) as global_rank
    from best
    where line_rank = 1
),

used as (
    select
        ranked.line_id,
        ranked.global_rank,
        ranked.likeness,
        tried.document_id,
        tried.days_apart,
        min(ranked.global_rank) over (partition by tried.document_id) as first_rank
    from ranked
    inner join tried
        on
            ranked.line_id = tried.line_id
            and ranked.party_id = tried.party_id
            and (
                ranked.first_place = tried.place
                or ranked.second_place = tried.place
                or ranked.third_place = tried.place
                or ranked.fourth_place = tried.place
            )
),

contested as (
    select distinct line_id from used
    where first_rank < global_rank
)

select
    used.line_id,
    used.document_id,
    used.days_apart,
    used.likeness
from used
left join contested on used.line_id = contested.line_id
where contested.line_id is null
