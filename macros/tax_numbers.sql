{#
  CNPJ and CPF (Receita Federal). A CNPJ has letters and digits since July 2026: each character counts its ASCII code
  less 48 (0 is 0, 9 is 9, A is 17, B is 18), the weights run 2 to 9 from the right and begin again, and a check digit
  is 11 less the remainder of the sum by 11; 10 and 11 become 0. A CPF has digits only and weights 2 to 11.
#}

{# Letters and digits of a tax number, in capitals: what punctuation and spaces leave. #}
{% macro tax_number(column) -%}
    {{ replace_all('upper(' ~ column ~ ')', '[^A-Z0-9]', '') }}
{%- endmacro %}

{# Check digit over the first characters of `number`, one weight a character. #}
{% macro check_digit(number, weights) -%}
    {%- set terms = [] -%}
    {%- for weight in weights -%}
        {%- do terms.append('(ascii(substr(' ~ number ~ ', ' ~ loop.index ~ ', 1)) - 48) * ' ~ weight) -%}
    {%- endfor -%}
    mod(11 - mod({{ terms | join(' + ') }}, 11), 11) % 10
{%- endmacro %}

{# Whether a cleaned text (macro tax_number) is a CNPJ with right check digits; false for a blank. #}
{% macro is_valid_cnpj(number) -%}
    {%- set weights = [5, 4, 3, 2, 9, 8, 7, 6, 5, 4, 3, 2] -%}
    coalesce(
        {{ matches(number, '[A-Z0-9]{12}[0-9]{2}') }}
        and {{ number }} <> repeat(substr({{ number }}, 1, 1), 14)
        and {{ check_digit(number, weights) }} = ascii(substr({{ number }}, 13, 1)) - 48
        and {{ check_digit(number, [6] + weights) }} = ascii(substr({{ number }}, 14, 1)) - 48,
        false
    )
{%- endmacro %}

{# Whether a cleaned text is a CPF with right check digits; false for a blank. #}
{% macro is_valid_cpf(number) -%}
    coalesce(
        {{ matches(number, '[0-9]{11}') }}
        and {{ number }} <> repeat(substr({{ number }}, 1, 1), 11)
        and {{ check_digit(number, range(10, 1, -1) | list) }} = ascii(substr({{ number }}, 10, 1)) - 48
        and {{ check_digit(number, range(11, 1, -1) | list) }} = ascii(substr({{ number }}, 11, 1)) - 48,
        false
    )
{%- endmacro %}
