-- One row a count. Each is judged alone: what is too much here does not make up for what is missing there.
with

counts as (
    select
        counts.*,
        coalesce(items.item_category, 'unknown') as item_category,
        coalesce(items.abc_class, 'unknown') as abc_class,
        coalesce(items.count_tolerance, 0) as count_tolerance,
        coalesce(items.unit_cost_brl, 0) as unit_cost_brl
    from {{ ref('stg_erp__stock_counts') }} as counts
    left join {{ ref('dim_items') }} as items
        on
            counts.company = items.company
            and counts.item_id = items.item_id
    where counts.counted_date <= {{ as_of_date() }}
)

select
    company || '|' || warehouse || '|' || item_id || '|' || cast(counted_date as varchar) as count_id,
    company,
    business_unit,
    warehouse,
    item_id,
    item_category,
    abc_class,
    counted_date,
    counter,
    cast(book_quantity as decimal(18, 6)) as book_quantity,
    cast(counted_quantity as decimal(18, 6)) as counted_quantity,
    cast(counted_quantity - book_quantity as decimal(18, 6)) as difference_quantity,
    cast(abs(counted_quantity - book_quantity) * unit_cost_brl as decimal(18, 2)) as difference_brl,
    cast(count_tolerance as decimal(9, 4)) as count_tolerance,
    -- exactly at the edge is within; an empty place in the books must be empty
    abs(counted_quantity - book_quantity) <= abs(book_quantity) * count_tolerance as is_accurate,
    source_file_id,
    source_line,
    known_from
from counts
