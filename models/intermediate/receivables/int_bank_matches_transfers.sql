-- Transfers between the company's own accounts: out of one, into another, the same amount within five days, and the
-- text of at least one of the two lines says so. A text that names the other account's unit tells which of several.
{{ config(materialized='table') }}

with

lines as (
    select * from {{ ref('int_bank_lines_read') }}
),

candidates as (
    select
        outgoing.line_id as out_line_id,
        incoming.line_id as in_line_id,
        case
            when ' ' || outgoing.words || ' ' like '% ' || upper(incoming.business_unit) || ' %' then 0
            when ' ' || incoming.words || ' ' like '% ' || upper(outgoing.business_unit) || ' %' then 0
            else 1
        end as is_unnamed,
        abs({{ days_between('outgoing.posted_date', 'incoming.posted_date') }}) as days_apart
    from lines as outgoing
    inner join lines as incoming
        on
            outgoing.company = incoming.company
            and outgoing.value_brl = incoming.value_brl
            and (outgoing.bank_id <> incoming.bank_id or outgoing.account_id <> incoming.account_id)
    where
        outgoing.direction = 'out'
        and incoming.direction = 'in'
        and (outgoing.text_category = 'own_transfer' or incoming.text_category = 'own_transfer')
        and abs({{ days_between('outgoing.posted_date', 'incoming.posted_date') }}) <= 5
),

{{ one_to_one('candidates', 'out_line_id', 'in_line_id', 'is_unnamed, days_apart, out_line_id, in_line_id') }}

select
    out_line_id,
    in_line_id,
    days_apart
from chosen
