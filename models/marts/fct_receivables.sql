-- One row an instalment of a customer's invoice, as known at the moment of the build.
with

judged as (
    select
        *,
        -- Whoever owes today still has today.
        is_measured and effective_due_date <= {{ last_full_day() }} as is_due,
        is_measured
        and effective_due_date <= {{ last_full_day() }}
        and (actual_settled_date is null or actual_settled_date > effective_due_date) as is_late,
        is_measured and actual_settled_date is null as is_open,
        {{ days_between('effective_due_date', as_of_date()) }} as days_past_due
    from {{ ref('int_receivables_clocked') }}
)

select
    judged.company || '|' || judged.business_unit || '|' || judged.customer_id || '|' || judged.document || '|'
    || cast(judged.instalment as varchar) as receivable_id,
    judged.company,
    judged.business_unit,
    judged.customer_id,
    coalesce(customers.customer_name, 'unknown') as customer_name,
    coalesce(customers.customer_group, 'unknown') as customer_group,
    judged.document,
    judged.instalment,
    judged.status,
    judged.issue_date,
    judged.due_date,
    judged.effective_due_date,
    judged.actual_settled_date as settled_date,
    judged.amount_brl,
    cast(
        case
            when judged.actual_settled_date is not null then coalesce(judged.settled_amount_brl, judged.amount_brl)
        end as decimal(18, 2)
    ) as settled_amount_brl,
    judged.is_measured,
    judged.actual_settled_date is not null as is_settled,
    judged.is_open,
    judged.is_disputed,
    case when judged.is_disputed then 'disputed' else 'undisputed' end as dispute,
    judged.is_due,
    judged.is_late,
    case
        when not judged.is_due then 'not_due'
        when not judged.is_late then 'on_time'
        when judged.is_disputed then 'late_disputed'
        else 'late'
    end as punctuality,
    cast(
        case
            when judged.is_late
                then {{ days_between('judged.effective_due_date',
                    'coalesce(judged.actual_settled_date, ' ~ as_of_date() ~ ')') }}
        end
        as integer
    ) as days_late,
    cast(judged.days_to_collect as integer) as days_to_collect,
    cast(judged.age_days as integer) as age_days,
    -- What was due yesterday is one day overdue today; what is due today is not.
    case
        when not judged.is_open or judged.days_past_due < 1 then 'not_overdue'
        when judged.days_past_due <= 30 then '1_to_30'
        when judged.days_past_due <= 60 then '31_to_60'
        when judged.days_past_due <= 90 then '61_to_90'
        else 'over_90'
    end as ageing_band,
    judged.source_file_id,
    judged.source_line,
    judged.known_from
from judged
left join {{ ref('dim_customers') }} as customers
    on
        judged.company = customers.company
        and judged.customer_id = customers.customer_id
