{#
  Business time is a place on an axis, not a subtraction of timestamps: int_desk_days lays the working minutes of each
  desk end to end, so the business minutes between two moments are the difference of their positions, and nights,
  weekends and banking holidays have no length at all. Seconds are cut off, so that differences always add up.

  `moment` is a local timestamp, `day` the alias of its row of int_desk_days (same desk, same local date).
#}
{% macro business_position(moment, day) -%}
    {{ day }}.minutes_before + case
        when {{ day }}.minutes_open = 0 then 0
        else least({{ day }}.minutes_open, greatest(0, {{ minutes_between(day ~ '.opens_at', moment) }}))
    end
{%- endmacro %}

{# Length of the part that two stretches of one axis share; 0 if they do not meet. #}
{% macro overlap(first_start, first_end, second_start, second_end) -%}
    greatest(0, least({{ first_end }}, {{ second_end }}) - greatest({{ first_start }}, {{ second_start }}))
{%- endmacro %}
