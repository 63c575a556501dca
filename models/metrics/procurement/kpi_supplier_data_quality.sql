-- The register as it was known on every day: active suppliers, and those of them whose data were good.
with

versions as (
    select
        *,
        -- Good only while complete and valid, from the review on, and for twelve months after it.
        greatest(first_day, reviewed_date) as good_from,
        least(end_day, {{ add_days('review_ends', 1) }}) as good_until
    from {{ ref('int_supplier_versions') }}
    where is_active
),

changes as (
    select
        first_day as date_day,
        business_unit,
        1 as count_active,
        0 as count_good
    from versions
    union all
    select
        end_day as date_day,
        business_unit,
        -1 as count_active,
        0 as count_good
    from versions
    where end_day is not null
    union all
    select
        good_from as date_day,
        business_unit,
        0 as count_active,
        1 as count_good
    from versions
    where is_complete and is_tax_id_valid and reviewed_date is not null and good_from < good_until
    union all
    select
        good_until as date_day,
        business_unit,
        0 as count_active,
        -1 as count_good
    from versions
    where is_complete and is_tax_id_valid and reviewed_date is not null and good_from < good_until
),

standing as (
    select * from {{ daily_balance('changes', ['business_unit'], ['count_good', 'count_active']) }} as days
)

select
    date_day,
    business_unit,
    {{ components('count_good', 'count_active', 'count_active') }}
from standing
