-- Two service levels of one priority on one day would count a ticket twice.
with levels as (

    select
        priority,
        coalesce(valid_from, cast('1900-01-01' as date)) as valid_from,
        coalesce(valid_to, cast('9999-12-31' as date)) as valid_to
    from {{ ref('service_targets') }}

)

select
    earlier.priority,
    later.valid_from
from levels as earlier
inner join levels as later
    on
        earlier.priority = later.priority
        and earlier.valid_from < later.valid_from
where later.valid_from <= earlier.valid_to
