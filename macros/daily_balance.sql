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
            -- What changed before the calendar begins still stands: it is put on its first day, and is no flow of it.
            select
                greatest(moved.date_day, calendar.first_day) as date_day,
                {%- for member in members %}
                moved.{{ member }},
                {%- endfor %}
                {%- for measure in measures %}
                sum(moved.{{ measure }}) as {{ measure }}{% if flows or not loop.last %},{% endif %}
                {%- endfor %}
                {%- for flow in flows %}
                sum(case when moved.date_day >= calendar.first_day then moved.{{ flow }} else 0 end) as {{ flow }}
                {%- if not loop.last %},{% endif %}
                {%- endfor %}
            from {{ changes }} as moved
            cross join (select min(date_day) as first_day from {{ ref('dim_dates') }}) as calendar
            group by
                greatest(moved.date_day, calendar.first_day)
                {%- for member in members %},
                moved.{{ member }}
                {%- endfor %}
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
