-- An item without a class of its own is held to the tightest tolerance: whoever leaves it blank gains nothing.
with

items as (
    select * from {{ ref('stg_erp__items') }}
),

tightest as (
    select min(tolerance) as tolerance
    from {{ ref('stock_count_tolerances') }}
)

select
    items.company,
    items.business_unit,
    items.item_id,
    items.item_description,
    items.category as item_category,
    items.abc_class,
    cast(coalesce(tolerances.tolerance, tightest.tolerance) as decimal(9, 4)) as count_tolerance,
    items.unit_of_measure,
    items.tax_classification,
    items.unit_cost_brl,
    items.list_price_brl,
    items.is_active,
    items.source_file_id,
    items.source_line,
    items.known_from
from items
cross join tightest
left join {{ ref('stock_count_tolerances') }} as tolerances
    on items.abc_class = tolerances.abc_class
