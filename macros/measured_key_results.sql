{#
  What the KPIs said of the key results that they measure: company, key_result_id, check_in_date, value. The KPIs are
  rolled up after dbt (a median cannot be summed in SQL), so `retaguarda build` writes key_results.measured into the
  build and then builds what is made from it once more. In a first run, and in a bare dbt, there is none.
#}
{% macro measured_key_results() -%}
    {%- set found = none -%}
    {%- if execute -%}
        {%- set found = adapter.get_relation(database=this.database, schema='key_results', identifier='measured') -%}
    {%- endif -%}
    {%- if found -%}
        (select company, key_result_id, check_in_date, value from {{ found }})
    {%- else -%}
        (
            select
                cast(null as varchar) as company,
                cast(null as varchar) as key_result_id,
                cast(null as date) as check_in_date,
                cast(null as double) as value
            where false
        )
    {%- endif -%}
{%- endmacro %}
