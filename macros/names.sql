{#
  Names and statement texts made comparable: capitals, no accents, letters and digits only, one space between words.
  Meant for matching, never for reading; personal texts in this form stay in staging, which is not published.
#}
{% macro search_text(column) -%}
    trim({{ replace_all(
        "translate(upper(" ~ column ~ "), 'ÁÀÂÃÄÉÈÊËÍÌÎÏÓÒÔÕÖÚÙÛÜÇÑ', 'AAAAAEEEEIIIIOOOOOUUUUCN')", '[^A-Z0-9]+', ' '
    ) }})
{%- endmacro %}

{# The same without the legal form (Ltda, S.A., ME, EPP, EIRELI), which half of the systems leave out. #}
{% macro search_name(column) -%}
    trim({{ replace_all(
        "' ' || " ~ search_text(column) ~ " || ' '", ' (LTDA|S A|SA|ME|EPP|EIRELI|MEI|CIA|LTD)( (ME|EPP))? $', ' '
    ) }})
{%- endmacro %}

{# The number of a document: letters before it, leading zeros and a series behind it differ from system to system. #}
{% macro document_number(column) -%}
    {{ replace_all(replace_all("split_part(" ~ column ~ ", '-', 1)", '[^0-9]', ''), '^0+', '') }}
{%- endmacro %}
