-- Known days, written down by hand: carnival, a holiday on a Friday, year ends of ISO weeks 53 and 1.
{% set days = [
    ('2026-02-13', '2026-W07', true, '2026-02-13'),
    ('2026-02-14', '2026-W07', false, '2026-02-18'),
    ('2026-02-17', '2026-W08', false, '2026-02-18'),
    ('2026-11-20', '2026-W47', false, '2026-11-23'),
    ('2023-11-20', '2023-W47', true, '2023-11-20'),
    ('2020-12-31', '2020-W53', false, '2021-01-04'),
    ('2021-01-03', '2020-W53', false, '2021-01-04'),
    ('2021-01-04', '2021-W01', true, '2021-01-04'),
    ('2024-12-30', '2025-W01', true, '2024-12-30'),
    ('2026-09-07', '2026-W37', false, '2026-09-08'),
] %}
with

known_days as (
    {% for day, label, is_banking_day, next_banking_day in days %}
    select
        cast('{{ day }}' as date) as date_day,
        '{{ label }}' as iso_week_label,
        {{ is_banking_day }} as is_banking_day,
        cast('{{ next_banking_day }}' as date) as next_banking_day
    {% if not loop.last %}union all{% endif %}
    {% endfor %}
)

select
    known_days.*,
    dates.iso_week_label as found_label,
    dates.is_banking_day as found_banking_day,
    dates.next_banking_day as found_next_banking_day
from known_days
left join {{ ref('dim_dates') }} as dates on known_days.date_day = dates.date_day
where
    dates.date_day is null
    or known_days.iso_week_label <> dates.iso_week_label
    or known_days.is_banking_day <> dates.is_banking_day
    or known_days.next_banking_day <> dates.next_banking_day
