-- Estimated losses open at the end of each day, by the class that each lawsuit had on that day.
with starts as (

    -- cases closed before the exports begin are not in them: earlier days would count the survivors alone
    select {{ month_start('coalesce(min(closed_date), min(from_date))') }} as start_date
    from {{ ref('fct_lawsuit_spells') }}

),

moved as (

    select
        greatest(spells.from_date, starts.start_date) as date_day,
        spells.business_unit,
        spells.loss_class,
        spells.nature,
        spells.amount_brl as amount,
        1 as cases
    from {{ ref('fct_lawsuit_spells') }} as spells
    cross join starts
    where spells.to_date >= starts.start_date

    union all

    select
        {{ add_days('spells.to_date', 1) }} as date_day,
        spells.business_unit,
        spells.loss_class,
        spells.nature,
        -spells.amount_brl as amount,
        -1 as cases
    from {{ ref('fct_lawsuit_spells') }} as spells
    cross join starts
    where spells.to_date >= starts.start_date

),

summed as (

    select
        date_day,
        business_unit,
        loss_class,
        nature,
        sum(amount) as amount,
        sum(cases) as cases
    from moved
    group by date_day, business_unit, loss_class, nature

),

members as (

    select
        business_unit,
        loss_class,
        nature,
        min(date_day) as first_day
    from summed
    group by business_unit, loss_class, nature

),

rolled as (

    select
        dates.date_day,
        members.business_unit,
        members.loss_class,
        members.nature,
        sum(coalesce(summed.amount, 0)) over (
            partition by members.business_unit, members.loss_class, members.nature order by dates.date_day
            rows between unbounded preceding and current row
        ) as amount,
        sum(coalesce(summed.cases, 0)) over (
            partition by members.business_unit, members.loss_class, members.nature order by dates.date_day
            rows between unbounded preceding and current row
        ) as cases
    from members
    inner join {{ ref('dim_dates') }} as dates
        on dates.date_day between members.first_day and {{ as_of_date() }}
    left join summed
        on
            dates.date_day = summed.date_day
            and members.business_unit = summed.business_unit
            and members.loss_class = summed.loss_class
            and members.nature = summed.nature

)

select
    date_day,
    business_unit,
    loss_class,
    nature,
    {{ components('amount', 'null', 'cases') }}
from rolled
