-- The book quantity of a count is what the movements before that day add up to; a gap means movements are missing.
{{ config(severity='warn') }}

with

before as (
    select
        counts.count_id,
        counts.book_quantity,
        sum(movements.quantity) as quantity
    from {{ ref('fct_stock_counts') }} as counts
    inner join {{ ref('fct_stock_movements') }} as movements
        on
            counts.company = movements.company
            and counts.warehouse = movements.warehouse
            and counts.item_id = movements.item_id
            and counts.counted_date > movements.movement_date
    group by counts.count_id, counts.book_quantity
)

select
    count_id,
    book_quantity,
    quantity
from before
where book_quantity <> quantity
