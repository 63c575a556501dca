{# Matching of bank lines: names in statement texts, and the choice of one partner for each side. #}

{# Whoever a statement text names: what is left without the bank's own words, numbers and the legal form. #}
{% macro party_in_text(column) -%}
    {%- set words = 'PIX|TED|DOC|TEF|BOLETO|PAGTO|PAGAMENTO|PAG|RECEBIDO|RECEBIDA|RECEBIMENTO|ENVIADO|ENVIADA'
        ~ '|SISPAG|COBRANCA|CREDITO|DEBITO|CRED|DEB|LIQUIDACAO|TITULO|TITULOS|FORNECEDOR|FORNECEDORES|CLIENTES?'
        ~ '|TRANSF|TRANSFERENCIA|NF|NFE|NOTA|FISCAL|CONTA|CONCESSIONARIA|REF|DOCUMENTO|DUPLICATA|LOTE' -%}
    trim({{ replace_all(
        search_name(replace_all(column, '\\b((' ~ words ~ ')|[A-Z]{0,3}[0-9]+)\\b', '')), ' +', ' '
    ) }})
{%- endmacro %}

{# A subquery of the whole numbers from first to last (column days): a window of days becomes a join on equal days. #}
{% macro day_offsets(first, last) -%}
    (
        {%- for days in range(first, last + 1) %}
        select {{ days }} as days
        {%- if not loop.last %}
        union all
        {%- endif %}
        {%- endfor %}
    )
{%- endmacro %}

{# Likeness of two names, 0 to 1; banks cut names off, so a name that begins with the other one is the same. #}
{% macro name_likeness(first_name, second_name) -%}
    case
        when length({{ first_name }}) < 4 or length({{ second_name }}) < 4 then 0
        when substr({{ first_name }}, 1, length({{ second_name }})) = {{ second_name }} then 1
        when
            length({{ first_name }}) >= 8
            and substr({{ second_name }}, 1, length({{ first_name }})) = {{ first_name }} then 1
        else {{ similarity(first_name, second_name) }}
    end
{%- endmacro %}

{#
  CTEs that end in `chosen`: of all candidate pairs, those in which each side is the other's best, so that nobody has
  two partners. The order is total (end it with both ids), so the result is the same at every run; each further round
  looks at who is still alone. Bounded: what three rounds leave alone stays alone.
#}
{% macro one_to_one(candidates, left, right, order_by, rounds=3) -%}
    {%- for round in range(1, rounds + 1) %}
alone_{{ round }} as (
    select {{ candidates }}.*
    from {{ candidates }}
    {%- for before in range(1, round) %}
    left join round_{{ before }} as left_{{ before }}
        on {{ candidates }}.{{ left }} = left_{{ before }}.{{ left }}
    left join round_{{ before }} as right_{{ before }}
        on {{ candidates }}.{{ right }} = right_{{ before }}.{{ right }}
    {%- endfor %}
    where
        1 = 1
        {%- for before in range(1, round) %}
        and left_{{ before }}.{{ left }} is null
        and right_{{ before }}.{{ right }} is null
        {%- endfor %}
),

ranked_{{ round }} as (
    select
        *,
        row_number() over (partition by {{ left }} order by {{ order_by }}) as left_rank,
        row_number() over (partition by {{ right }} order by {{ order_by }}) as right_rank
    from alone_{{ round }}
),

round_{{ round }} as (
    select * from ranked_{{ round }}
    where left_rank = 1 and right_rank = 1
),
    {%- endfor %}

chosen as (
    {%- for round in range(1, rounds + 1) %}
    select * from round_{{ round }}
    {%- if not loop.last %}
    union all
    {%- endif %}
    {%- endfor %}
)
{%- endmacro %}
