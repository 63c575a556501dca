{#
  What stands at the end of every day, from what changed on each: a table expression with one row a day and member,
  from the first change to the day of knowledge, days without a change included.

  `changes` names a CTE with date_day, the `members` and the `measures`; each measure comes back as its running total,
  and each of `flows` as the sum of that day alone.
#}
{% macro daily_balance(changes, members, measures, flows=[]) -%}
    (
        select
            days.date_day,
            {%- for member in members %}
            members.{{ member }},
            {%- endfor %}
            {%- for measure in measures %}
            sum(coalesce(totals.{{ measure }}, 0)) over (
                partition by {% for member in members %}members.{{ member }}{% if not loop.last %}, {% endif %}{% endfor %}
                order by days.date_day
                rows between unbounded preceding and current row
            ) as {{ measure }}{% if flows or not loop.last %},{% endif %}
            {%- endfor %}
            {%- for flow in flows %}
            coalesce(totals.{{ flow }}, 0) as {{ flow }}{% if not loop.last %},{% endif %}
            {%- endfor %}
        from {{ ref('dim_dates') }} as days
        cross join (
            select distinct {{ members | join(', ') }}
            from {{ changes }}
        ) as members
        left join (
            select
                date_day,
                {{ members | join(', ') }},
                {%- for measure in measures + flows %}
                sum({{ measure }}) as {{ measure }}{% if not loop.last %},{% endif %}
                {%- endfor %}
            from {{ changes }}
            group by date_day, {{ members | join(', ') }}
        ) as totals
            on
                days.date_day = totals.date_day
                {%- for member in members %}
                and members.{{ member }} = totals.{{ member }}
                {%- endfor %}
        where
            days.date_day >= (select min(date_day) from {{ changes }})
            and days.date_day <= {{ as_of_date() }}
    )
{%- endmacro %}
