{# What was known, and when: every model reads raw through these macros, and none asks for the current time. #}

{# Moment of knowledge, as a naive UTC datetime. A bare date means the end of that local day. #}
{% macro as_of_moment() -%}
    {%- set utc = modules.pytz.utc -%}
    {%- set local = modules.pytz.timezone(var('timezone')) -%}
    {%- set text = (var('as_of', '') or '') | string | trim | replace('T', ' ') -%}
    {%- if text == '' -%}
        {{ return(run_started_at.astimezone(utc).replace(tzinfo=none)) }}
    {%- elif text | length == 10 -%}
        {%- set moment = modules.datetime.datetime.strptime(text ~ ' 23:59:59', '%Y-%m-%d %H:%M:%S') -%}
        {{ return(local.localize(moment).astimezone(utc).replace(tzinfo=none)) }}
    {%- else -%}
        {{ return(modules.datetime.datetime.strptime(text[:19], '%Y-%m-%d %H:%M:%S')) }}
    {%- endif -%}
{%- endmacro %}

{# The same moment on the company's clock. #}
{% macro as_of_local_moment() -%}
    {%- set local = modules.pytz.timezone(var('timezone')) -%}
    {{ return(modules.pytz.utc.localize(as_of_moment()).astimezone(local).replace(tzinfo=none)) }}
{%- endmacro %}

{# UTC timestamp literal of the moment of knowledge. #}
{% macro as_of_timestamp() -%}
    cast('{{ as_of_moment().strftime('%Y-%m-%d %H:%M:%S') }}' as timestamp)
{%- endmacro %}

{# Local timestamp literal of the moment of knowledge: the "now" of business hours. #}
{% macro as_of_local_timestamp() -%}
    cast('{{ as_of_local_moment().strftime('%Y-%m-%d %H:%M:%S') }}' as timestamp)
{%- endmacro %}

{# Local calendar date of the moment of knowledge: the "today" of every model. #}
{% macro as_of_date() -%}
    cast('{{ as_of_local_moment().strftime('%Y-%m-%d') }}' as date)
{%- endmacro %}

{# Last local day that was over at the moment of knowledge: what is due today may still be paid today. #}
{% macro last_full_day() -%}
    {%- set moment = as_of_local_moment() -%}
    {%- if moment.strftime('%H:%M') < '23:59' -%}
        {%- set moment = moment - modules.datetime.timedelta(days=1) -%}
    {%- endif -%}
    cast('{{ moment.strftime('%Y-%m-%d') }}' as date)
{%- endmacro %}

{# The versions of a raw table that were known at the moment of knowledge. #}
{% macro known(relation) -%}
    (
        select *
        from {{ relation }}
        where
            _valid_from <= {{ as_of_timestamp() }}
            and (_valid_to is null or _valid_to > {{ as_of_timestamp() }})
    )
{%- endmacro %}
