{# Small expressions that every engine understands. #}

{# Quotient, or null where the denominator is zero: 1/0 is infinity in DuckDB. #}
{% macro ratio(numerator, denominator) -%}
    ({{ numerator }}) / nullif({{ denominator }}, 0)
{%- endmacro %}

{# A personal value as a stable pseudonym, the same for the same text. The key makes guessing from lists useless. #}
{% macro pseudonym(column) -%}
    {%- if var('show_personal', false) -%}
        {{ column }}
    {%- else -%}
        case
            when {{ column }} is null then null
            else '…' || substr(md5('{{ env_var('RETAGUARDA_PSEUDONYM_KEY', 'retaguarda') }}' || {{ column }}), 1, 8)
        end
    {%- endif -%}
{%- endmacro %}

{# The tax number of a company (14 characters) as it is, letters and digits only; any other, as a CPF with or without
   its leading zero, as a pseudonym. #}
{% macro company_tax_id(column) -%}
    {%- set plain = "upper(replace(replace(replace(trim(" ~ column ~ "), '.', ''), '/', ''), '-', ''))" -%}
    case when {{ plain }} = '' or length({{ plain }}) = 14 then {{ plain }} else {{ pseudonym(column) }} end
{%- endmacro %}

{# A dimension's member: blank is a member of its own, never a null. #}
{% macro member(column) -%}
    coalesce(nullif(trim({{ column }}), ''), 'unknown')
{%- endmacro %}

{# The six columns of additive components of counts, amounts, shares, ratios and levels come last in a KPI model. #}
{% macro components(numerator, denominator, count_records='count(*)') -%}
    cast({{ numerator }} as decimal(18, 4)) as numerator,
    cast({{ denominator }} as decimal(18, 4)) as denominator,
    cast({{ count_records }} as bigint) as count_records
{%- endmacro %}

{# Monday of the ISO week. #}
{% macro week_start(date_column) -%}
    cast(date_trunc('week', {{ date_column }}) as date)
{%- endmacro %}

{% macro month_start(date_column) -%}
    cast(date_trunc('month', {{ date_column }}) as date)
{%- endmacro %}

{% macro month_end(date_column) -%}
    {{ dbt.last_day(date_column, 'month') }}
{%- endmacro %}

{% macro quarter_start(date_column) -%}
    cast(date_trunc('quarter', {{ date_column }}) as date)
{%- endmacro %}

{% macro year_start(date_column) -%}
    cast(date_trunc('year', {{ date_column }}) as date)
{%- endmacro %}

{# '2026-W46'. The week belongs to the year of its Thursday. #}
{% macro iso_week_label(date_column) -%}
    {%- set thursday = add_days(week_start(date_column), 3) -%}
    cast(extract(year from {{ thursday }}) as varchar)
    || '-W'
    || lpad(
        cast(
            cast(floor({{ days_between(year_start(thursday), thursday) }} / 7) as integer) + 1 as varchar
        ), 2, '0'
    )
{%- endmacro %}
