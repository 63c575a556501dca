-- MTZ and mtz are two units to every KPI and every access right: most likely one was meant, and each has half of it.
{{ config(severity='warn') }}

with units as (

    select
        business_unit,
        lower(trim(business_unit)) as folded
    from {{ ref('dim_business_units') }}

),

alike as (

    select folded
    from units
    group by folded
    having count(*) > 1

)

select units.business_unit
from units
inner join alike on units.folded = alike.folded
