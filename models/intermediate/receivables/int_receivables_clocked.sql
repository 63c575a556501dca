-- The two clocks of a receivable: calendar days from issue to settlement, and the due date as the bank keeps it.
with

receivables as (
    select * from {{ ref('stg_erp__receivables') }}
),

-- A date of settlement after today is a plan, not money.
settled as (
    select
        *,
        case when settled_date <= {{ as_of_date() }} and status <> 'cancelled' then settled_date end
            as actual_settled_date
    from receivables
),

clocked as (
    select
        settled.*,
        -- Law lets a debt due on a day without banking be paid on the next one; beyond the calendar the date stands.
        coalesce(dates.next_banking_day, settled.due_date) as effective_due_date,
        -- Cancelled invoices were never owed; zero and negative rows are credits to the customer.
        settled.status <> 'cancelled' and settled.amount_brl > 0 and settled.issue_date <= {{ as_of_date() }}
            as is_measured,
        -- Day 1 is the day after issue; paid in advance is day 0, never a negative age.
        case
            when settled.actual_settled_date is not null
                then greatest({{ days_between('settled.issue_date', 'settled.actual_settled_date') }}, 0)
        end as days_to_collect,
        greatest(
            {{ days_between('settled.issue_date',
                'coalesce(settled.actual_settled_date, ' ~ as_of_date() ~ ')') }}, 0
        ) as age_days
    from settled
    left join {{ ref('dim_dates') }} as dates on settled.due_date = dates.date_day
)

select * from clocked
