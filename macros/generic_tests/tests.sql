{# Generic tests of the house; the built-in ones are not_null, unique, accepted_values, relationships. #}

{# No two rows agree in all of these columns. #}
{% test unique_combination(model, columns) %}
    select
        {{ columns | join(', ') }},
        count(*) as count_rows
    from {{ model }}
    group by {{ columns | join(', ') }}
    having count(*) > 1
{% endtest %}

{# None of these columns is ever null: one query for them all. #}
{% test no_nulls(model, columns) %}
    select *
    from {{ model }}
    where
        {% for column in columns %}
        {% if not loop.first %}or {% endif %}{{ column }} is null
        {% endfor %}
{% endtest %}

{# A share's part never exceeds its whole, and neither is negative. #}
{% test numerator_not_above_denominator(model, numerator='numerator', denominator='denominator') %}
    select *
    from {{ model }}
    where
        {{ numerator }} > {{ denominator }}
        or {{ numerator }} < 0
        or {{ numerator }} is null
        or {{ denominator }} is null
{% endtest %}

{# Nothing is dated after the moment of knowledge. #}
{% test not_future(model, column_name) %}
    select {{ column_name }}
    from {{ model }}
    where cast({{ column_name }} as date) > {{ as_of_date() }}
{% endtest %}

{# The column is never below (or above) a bound. #}
{% test within(model, column_name, lowest=none, highest=none) %}
    select {{ column_name }}
    from {{ model }}
    where
        {% if lowest is not none %}{{ column_name }} < {{ lowest }}{% else %}1 = 0{% endif %}
        or {% if highest is not none %}{{ column_name }} > {{ highest }}{% else %}1 = 0{% endif %}
{% endtest %}

{# A condition holds on every row. A condition that is null (unknown) does not count as broken. #}
{% test holds(model, condition) %}
    select *
    from {{ model }}
    where not ({{ condition }})
{% endtest %}

{# Rows, and the sum of a measure, are the same here and there: nothing was lost or doubled on the way. #}
{% test conserved_rows(model, to, measure=none, to_measure=none, where='1 = 1', to_where='1 = 1') %}
    with

    here as (
        select
            count(*) as count_rows,
            {% if measure %}sum({{ measure }}){% else %}0{% endif %} as total
        from {{ model }}
        where {{ where }}
    ),

    there as (
        select
            count(*) as count_rows,
            {% if measure %}sum({{ to_measure or measure }}){% else %}0{% endif %} as total
        from {{ to }}
        where {{ to_where }}
    )

    select
        here.count_rows,
        there.count_rows as count_rows_there,
        here.total,
        there.total as total_there
    from here
    cross join there
    where
        here.count_rows <> there.count_rows
        or coalesce(here.total, 0) <> coalesce(there.total, 0)
{% endtest %}

{# Every case of a duration enters once at age 0, finishes at most once, and never at an age before its entry. #}
{% test coherent_ages(model) %}
    select *
    from {{ model }}
    where
        entry_age < 0
        or exit_age < entry_age
        or cases <= 0
        or is_finished is null
{% endtest %}
