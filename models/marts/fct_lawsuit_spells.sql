-- One row a lawsuit and stretch of days in which it had one class and amount: the history that exports of different
-- days tell. What is known later wins over what was known before, from the day since which it holds.
with versions as (

    select
        *,
        lag(loss_class) over (
            partition by company, lawsuit_id order by known_from
        ) as class_before,
        lag(class_changed_date) over (
            partition by company, lawsuit_id order by known_from
        ) as changed_before,
        row_number() over (
            partition by company, lawsuit_id order by known_from desc
        ) as place_from_last
    from {{ ref('stg_legal__lawsuits') }}

),

dated as (

    select
        *,
        case
            -- the same class since the same day, but another amount: it holds from the day on which it was told
            when loss_class = class_before and class_changed_date = changed_before
                then greatest(class_changed_date, {{ local_date('known_from') }})
            else greatest(class_changed_date, filed_date)
        end as effective_date
    from versions

),

latest as (

    -- how each lawsuit stands now: closed, or vanished from a full export
    select
        company,
        lawsuit_id,
        {{ local_date('known_to') }} as gone_date,
        case when closed_date <= {{ as_of_date() }} then closed_date end as closed_date
    from versions
    where place_from_last = 1

),

followed as (

    select
        *,
        min(effective_date) over (
            partition by company, lawsuit_id order by known_from
            rows between 1 following and unbounded following
        ) as next_effective_date,
        min(effective_date) over (partition by company, lawsuit_id) as first_effective_date,
        row_number() over (partition by company, lawsuit_id order by known_from) as place
    from dated

),

staged as (

    select
        company,
        business_unit,
        lawsuit_id,
        plaintiff,
        nature,
        loss_class,
        amount_brl,
        effective_date as from_date,
        next_effective_date,
        source_file_id,
        source_line,
        known_from
    from followed

    union all

    -- before the first class that any export told, the class is not known; the amount is taken to be the same
    select
        company,
        business_unit,
        lawsuit_id,
        plaintiff,
        nature,
        'unclassified' as loss_class,
        amount_brl,
        filed_date as from_date,
        first_effective_date as next_effective_date,
        source_file_id,
        source_line,
        known_from
    from followed
    where place = 1

),

bounded as (

    select
        staged.*,
        -- the last day of the stretch: the day before the next one begins, the case ends, or it is today
        least(
            coalesce({{ add_days('staged.next_effective_date', -1) }}, {{ as_of_date() }}),
            coalesce({{ add_days('latest.closed_date', -1) }}, {{ as_of_date() }}),
            coalesce({{ add_days('latest.gone_date', -1) }}, {{ as_of_date() }}),
            {{ as_of_date() }}
        ) as to_date,
        latest.closed_date
    from staged
    inner join latest
        on
            staged.company = latest.company
            and staged.lawsuit_id = latest.lawsuit_id

)

select
    company,
    business_unit,
    lawsuit_id,
    plaintiff,
    nature,
    loss_class,
    amount_brl,
    from_date,
    to_date,
    closed_date,
    (to_date = {{ as_of_date() }}) as is_current,
    source_file_id,
    source_line,
    known_from
from bounded
where from_date <= to_date
