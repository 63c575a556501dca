{# Bands of an OKR grade (re:Work), read on one decimal: 0.7-1.0 green, 0.4-0.6 yellow, 0-0.3 red. #}
{% macro okr_band(score) -%}
    case
        when round({{ score }}, 1) >= 0.7 then 'green'
        when round({{ score }}, 1) >= 0.4 then 'yellow'
        when round({{ score }}, 1) >= 0 then 'red'
    end
{%- endmacro %}
