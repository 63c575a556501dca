{# Rows of a table whose configuration names a column `stored_by` are written in its order. It stands here and not in
   the models' SQL: the order changes no figure, so it must not change the version of a KPI's definition. #}
{% macro duckdb__get_select_subquery(sql) -%}
    {{ default__get_select_subquery(sql) }}
    {%- set column = config.get('meta', {}).get('stored_by') %}
    {%- if column %}
    order by {{ column }}
    {%- endif %}
{%- endmacro %}
