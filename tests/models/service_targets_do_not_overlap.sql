-- Two service levels of one priority on one day would count a ticket twice.
with levels as (

    select
        priority,
        coalesce(valid_from, cast('1900-01-01' as date)) as valid_from,
        coalesce(valid_to, cast('9999-12-31' as date)) as valid_to
    from {{ ref('service_targets') }}

),

followed as (

    select
        *,
        lead(valid_from) over (partition by priority order by valid_from, valid_to) as next_from
    from levels

)

select
    priority,
    next_from as valid_from
from followed
where next_from <= valid_to
