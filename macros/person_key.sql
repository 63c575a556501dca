{#
  Key of a person: the whole hash, so that two people are never taken for one, as a short pseudonym may. Made with the
  company's own key, so that nobody can guess it back from a list of registration numbers.
#}
{% macro person_key(company, person) -%}
    md5(concat('{{ env_var('RETAGUARDA_PSEUDONYM_KEY', 'retaguarda') }}', '|', {{ company }}, '|', {{ person }}))
{%- endmacro %}
