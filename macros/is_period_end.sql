{# A day at which a period of some grain ends, or the day of knowledge: the days that a level KPI shows. #}
{% macro is_period_end(day) -%}
    {{ iso_weekday(day) }} = 7
    or {{ day }} = {{ dbt.last_day(day, 'month') }}
    or {{ day }} = {{ as_of_date() }}
{%- endmacro %}
