{# What differs between engines about dates and times. Another engine adds its own <engine>__ macro here. #}

{# Whole days from one date to another: 0 on the same day. #}
{% macro days_between(from_date, to_date) -%}
    {{ dbt.datediff(from_date, to_date, 'day') }}
{%- endmacro %}

{# Whole minutes from one timestamp to another. #}
{% macro minutes_between(from_timestamp, to_timestamp) -%}
    {{ adapter.dispatch('minutes_between', 'retaguarda')(from_timestamp, to_timestamp) }}
{%- endmacro %}

{# Elapsed minutes, not the minute boundaries crossed that date_diff counts. #}
{% macro duckdb__minutes_between(from_timestamp, to_timestamp) -%}
    cast(floor((epoch({{ to_timestamp }}) - epoch({{ from_timestamp }})) / 60) as integer)
{%- endmacro %}

{% macro add_days(date_column, days) -%}
    cast({{ dbt.dateadd('day', days, date_column) }} as date)
{%- endmacro %}

{% macro add_months(date_column, months) -%}
    cast({{ dbt.dateadd('month', months, date_column) }} as date)
{%- endmacro %}

{# 1 is Monday, 7 is Sunday. #}
{% macro iso_weekday(date_column) -%}
    {{ adapter.dispatch('iso_weekday', 'retaguarda')(date_column) }}
{%- endmacro %}

{% macro duckdb__iso_weekday(date_column) -%}
    isodow({{ date_column }})
{%- endmacro %}

{# UTC timestamp to the company's clock. #}
{% macro local_timestamp(timestamp_column) -%}
    {{ adapter.dispatch('local_timestamp', 'retaguarda')(timestamp_column) }}
{%- endmacro %}

{% macro duckdb__local_timestamp(timestamp_column) -%}
    timezone('{{ var('timezone') }}', timezone('UTC', {{ timestamp_column }}))
{%- endmacro %}

{# UTC timestamp to the company's calendar date. #}
{% macro local_date(timestamp_column) -%}
    cast({{ local_timestamp(timestamp_column) }} as date)
{%- endmacro %}

{# 'yyyy-mm' of a date. #}
{% macro year_month(date_column) -%}
    {{ adapter.dispatch('year_month', 'retaguarda')(date_column) }}
{%- endmacro %}

{% macro duckdb__year_month(date_column) -%}
    strftime({{ date_column }}, '%Y-%m')
{%- endmacro %}

{# A table expression with one row a day, both ends included: column date_day. #}
{% macro date_series(first_date, last_date) -%}
    {{ adapter.dispatch('date_series', 'retaguarda')(first_date, last_date) }}
{%- endmacro %}

{% macro duckdb__date_series(first_date, last_date) -%}
    (
        select cast(range_value as date) as date_day
        from
            generate_series(
                cast({{ first_date }} as timestamp), cast({{ last_date }} as timestamp), interval 1 day
            ) as series (range_value)
    )
{%- endmacro %}
