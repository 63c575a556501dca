-- One class and amount a lawsuit and day, and today's sum is that of the lawsuits that stand.
with current_spells as (

    select coalesce(sum(amount_brl), 0) as amount
    from {{ ref('fct_lawsuit_spells') }}
    where is_current

),

exposure as (

    select coalesce(sum(numerator), 0) as amount
    from {{ ref('kpi_litigation_exposure') }}
    where date_day = {{ as_of_date() }}

),

overlapping as (

    select count(*) as spells
    from {{ ref('fct_lawsuit_spells') }} as one
    inner join {{ ref('fct_lawsuit_spells') }} as other
        on
            one.company = other.company
            and one.lawsuit_id = other.lawsuit_id
            and one.from_date < other.from_date
            and one.to_date >= other.from_date

)

select
    current_spells.amount,
    exposure.amount as exposure,
    overlapping.spells
from current_spells
cross join exposure
cross join overlapping
where
    current_spells.amount <> exposure.amount
    or overlapping.spells > 0
