-- The two clocks of a payable: calendar days from receipt to payment, and the due date as the bank keeps it.
with

payables as (
    select * from {{ ref('stg_erp__payables') }}
),

-- A date of payment after today is a plan, not a payment.
paid as (
    select
        *,
        case when paid_date <= {{ as_of_date() }} and status <> 'cancelled' then paid_date end as actual_paid_date
    from payables
),

clocked as (
    select
        paid.*,
        -- Law lets a debt due on a day without banking be paid on the next one; beyond the calendar the date stands.
        coalesce(dates.next_banking_day, paid.due_date) as effective_due_date,
        -- Cancelled documents were never owed; credit notes (zero or negative) are not payments to a supplier.
        paid.status <> 'cancelled' and paid.amount_brl > 0 and paid.receipt_date <= {{ as_of_date() }} as is_measured,
        -- Day 1 is the day after receipt; paid in advance is day 0, never a negative age.
        case
            when paid.actual_paid_date is not null
                then greatest({{ days_between('paid.receipt_date', 'paid.actual_paid_date') }}, 0)
        end as days_to_pay,
        greatest(
            {{ days_between('paid.receipt_date', 'coalesce(paid.actual_paid_date, ' ~ as_of_date() ~ ')') }}, 0
        ) as age_days
    from paid
    left join {{ ref('dim_dates') }} as dates on paid.due_date = dates.date_day
)

select * from clocked
