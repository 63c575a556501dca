{# What differs between engines about aggregates. #}

{# Continuous quantile of a measure. #}
{% macro quantile(measure, fraction) -%}
    percentile_cont({{ fraction }}) within group (order by {{ measure }})
{%- endmacro %}

{# Texts of a group as one text, in a stated order. #}
{% macro ordered_text(measure, order_by, delimiter='|') -%}
    {{ adapter.dispatch('ordered_text', 'retaguarda')(measure, order_by, delimiter) }}
{%- endmacro %}

{% macro duckdb__ordered_text(measure, order_by, delimiter) -%}
    string_agg({{ measure }}, '{{ delimiter }}' order by {{ order_by }})
{%- endmacro %}
