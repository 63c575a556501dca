-- Stock at cost and cost of goods on every day, by unit and class: days on which nothing moved carry the value on.
with

moved as (
    -- What lay there before the calendar begins still lies there: it is put on its first day.
    select
        greatest(movements.movement_date, calendar.first_day) as date_day,
        movements.business_unit,
        movements.abc_class,
        sum(movements.cost_brl) as value_change_brl,
        sum(movements.cost_of_goods_brl) as cost_of_goods_brl,
        count(*) as count_movements
    from {{ ref('fct_stock_movements') }} as movements
    cross join (select min(date_day) as first_day from {{ ref('dim_dates') }}) as calendar
    group by greatest(movements.movement_date, calendar.first_day), movements.business_unit, movements.abc_class
),

first_days as (
    select
        business_unit,
        abc_class,
        min(date_day) as first_day
    from moved
    group by business_unit, abc_class
),

spine as (
    select
        dates.date_day,
        first_days.business_unit,
        first_days.abc_class
    from first_days
    inner join {{ ref('dim_dates') }} as dates
        on
            first_days.first_day <= dates.date_day
            and dates.date_day <= {{ as_of_date() }}
)

select
    spine.date_day,
    spine.business_unit,
    spine.abc_class,
    coalesce(moved.cost_of_goods_brl, 0) as cost_of_goods_brl,
    coalesce(moved.count_movements, 0) as count_movements,
    sum(coalesce(moved.value_change_brl, 0)) over (
        partition by spine.business_unit, spine.abc_class
        order by spine.date_day
        rows between unbounded preceding and current row
    ) as stock_value_brl
from spine
left join moved
    on
        spine.date_day = moved.date_day
        and spine.business_unit = moved.business_unit
        and spine.abc_class = moved.abc_class
