-- One row an instalment of a supplier's invoice, as known at the moment of the build.
with

payables as (
    select * from {{ ref('int_payables_clocked') }}
),

judged as (
    select
        *,
        -- Whoever owes today still has today.
        is_measured and effective_due_date <= {{ last_full_day() }} as is_due,
        is_measured
        and effective_due_date <= {{ last_full_day() }}
        and (actual_paid_date is null or actual_paid_date > effective_due_date) as is_late
    from payables
)

select
    judged.company || '|' || judged.supplier_id || '|' || judged.document || '|' || cast(judged.instalment as varchar)
        as payable_id,
    judged.company,
    judged.business_unit,
    judged.supplier_id,
    coalesce(suppliers.supplier_name, 'unknown') as supplier_name,
    judged.document,
    judged.instalment,
    judged.category,
    judged.cost_centre,
    judged.status,
    judged.issue_date,
    judged.receipt_date,
    judged.due_date,
    judged.effective_due_date,
    judged.actual_paid_date as paid_date,
    judged.amount_brl,
    cast(
        case when judged.actual_paid_date is not null then coalesce(judged.paid_amount_brl, judged.amount_brl) end
        as decimal(18, 2)
    ) as paid_amount_brl,
    judged.is_measured,
    judged.actual_paid_date is not null as is_paid,
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
                    'coalesce(judged.actual_paid_date, ' ~ as_of_date() ~ ')') }}
        end
        as integer
    ) as days_late,
    cast(judged.days_to_pay as integer) as days_to_pay,
    cast(judged.age_days as integer) as age_days,
    case
        when judged.days_to_pay <= 30 then 'within_30'
        when judged.days_to_pay <= 60 then '31_to_60'
        when judged.days_to_pay > 60 then 'after_60'
        else 'open'
    end as payment_band,
    coalesce(judged.actual_paid_date < judged.receipt_date, false) as is_paid_before_receipt,
    judged.source_file_id,
    judged.source_line,
    judged.known_from
from judged
left join {{ ref('dim_suppliers') }} as suppliers
    on
        judged.company = suppliers.company
        and judged.supplier_id = suppliers.supplier_id
