-- The register's last day, rolled from its versions, is the register: active, good and double suppliers.
with

rolled as (
    select
        sum(quality.denominator) as count_active,
        sum(quality.numerator) as count_good,
        sum(duplicates.numerator) as count_duplicates
    from {{ ref('kpi_supplier_data_quality') }} as quality
    inner join {{ ref('kpi_duplicate_suppliers') }} as duplicates
        on
            quality.date_day = duplicates.date_day
            and quality.business_unit = duplicates.business_unit
    where quality.date_day = {{ as_of_date() }}
),

register as (
    select
        count(*) as count_active,
        sum(case when is_good then 1 else 0 end) as count_good,
        sum(case when is_duplicate then 1 else 0 end) as count_duplicates
    from {{ ref('fct_supplier_checks') }}
)

select
    rolled.count_active,
    register.count_active as register_active,
    rolled.count_good,
    register.count_good as register_good,
    rolled.count_duplicates,
    register.count_duplicates as register_duplicates
from rolled
cross join register
where
    coalesce(rolled.count_active, 0) <> register.count_active
    or coalesce(rolled.count_good, 0) <> coalesce(register.count_good, 0)
    or coalesce(rolled.count_duplicates, 0) <> coalesce(register.count_duplicates, 0)
