-- Three bands are one whole, by number and by value, on every day, unit and category.
with

bands as (
    {% for band in ['within_30', '31_to_60', 'after_60'] %}
    {% for suffix in ['', '_value'] %}
    select
        'by{{ suffix or "_number" }}' as measure,
        date_day,
        business_unit,
        category,
        numerator,
        denominator
    from {{ ref('kpi_paid_' ~ band ~ suffix) }}
    {% if not loop.last %}union all{% endif %}
    {% endfor %}
    {% if not loop.last %}union all{% endif %}
    {% endfor %}
)

select
    measure,
    date_day,
    business_unit,
    category,
    sum(numerator) as numerator,
    max(denominator) as denominator
from bands
group by
    measure,
    date_day,
    business_unit,
    category
having
    sum(numerator) <> max(denominator)
    or min(denominator) <> max(denominator)
    or count(*) <> 3
