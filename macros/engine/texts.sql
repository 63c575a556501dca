{# What differs between engines about texts. #}

{# Whether the whole text fits a regular expression. #}
{% macro matches(text_column, pattern) -%}
    {{ adapter.dispatch('matches', 'retaguarda')(text_column, pattern) }}
{%- endmacro %}

{% macro duckdb__matches(text_column, pattern) -%}
    regexp_full_match({{ text_column }}, '{{ pattern }}')
{%- endmacro %}

{# Every part of the text that fits a regular expression, replaced. #}
{% macro replace_all(text_column, pattern, replacement) -%}
    {{ adapter.dispatch('replace_all', 'retaguarda')(text_column, pattern, replacement) }}
{%- endmacro %}

{% macro duckdb__replace_all(text_column, pattern, replacement) -%}
    regexp_replace({{ text_column }}, '{{ pattern }}', '{{ replacement }}', 'g')
{%- endmacro %}

{# Likeness of two texts, 0 to 1 (Jaro-Winkler). Not the same text: two blanks are not alike. #}
{% macro similarity(first_text, second_text) -%}
    {{ adapter.dispatch('similarity', 'retaguarda')(first_text, second_text) }}
{%- endmacro %}

{% macro duckdb__similarity(first_text, second_text) -%}
    jaro_winkler_similarity({{ first_text }}, {{ second_text }})
{%- endmacro %}

{# The first part of the text that fits a regular expression; empty or null where none does. #}
{% macro first_match(text_column, pattern) -%}
    {{ adapter.dispatch('first_match', 'retaguarda')(text_column, pattern) }}
{%- endmacro %}

{% macro duckdb__first_match(text_column, pattern) -%}
    regexp_extract({{ text_column }}, '{{ pattern }}')
{%- endmacro %}

{# In a select: one row a word of the text. #}
{% macro each_word(text_column) -%}
    {{ adapter.dispatch('each_word', 'retaguarda')(text_column) }}
{%- endmacro %}

{% macro duckdb__each_word(text_column) -%}
    unnest(string_split({{ text_column }}, ' '))
{%- endmacro %}
