-- The register as it was known on every day: active suppliers, and those of them that another one had been before.
with

changes as (
    select
        first_day as date_day,
        business_unit,
        1 as count_active,
        0 as count_duplicates
    from {{ ref('int_supplier_versions') }}
    where is_active
    union all
    select
        end_day as date_day,
        business_unit,
        -1 as count_active,
        0 as count_duplicates
    from {{ ref('int_supplier_versions') }}
    where
        is_active
        and end_day is not null
    union all
    select
        first_day as date_day,
        business_unit,
        0 as count_active,
        1 as count_duplicates
    from {{ ref('int_supplier_duplicates') }}
    union all
    select
        end_day as date_day,
        business_unit,
        0 as count_active,
        -1 as count_duplicates
    from {{ ref('int_supplier_duplicates') }}
    where end_day is not null
),

standing as (
    select * from {{ daily_balance('changes', ['business_unit'], ['count_duplicates', 'count_active']) }} as days
)

select
    date_day,
    business_unit,
    {{ components('count_duplicates', 'count_active', 'count_active') }}
from standing
