"""Small aggregates for the page of receivables and treasury, asked by `windows.ask`."""

from __future__ import annotations

from dashboard.queries.windows import SOURCE, UNIT

QUERIES = {
    "ageing": f"""
        select f.ageing_band, count(*) as documents, cast(sum(f.amount_brl) as double) as amount_brl
        from marts.fct_receivables as f
        where f.is_open and {UNIT}
        group by f.ageing_band
    """,
    "overdue_customers": f"""
        select any_value(f.customer_name) as customer_name, f.customer_id, any_value(f.customer_group) as customer_group,
            count(*) as documents,
            cast(sum(f.amount_brl) as double) as amount_brl, min(f.effective_due_date) as due_date,
            count(*) over () as parties, cast(sum(sum(f.amount_brl)) over () as double) as all_brl
        from marts.fct_receivables as f
        where f.is_open and f.ageing_band <> 'not_overdue' and {UNIT}
        group by f.company, f.customer_id order by amount_brl desc, f.customer_id limit 12
    """,
    # The middle of what was agreed on the invoices of the period whose curve is drawn.
    "agreed_days": f"""
        select median(f.effective_due_date - f.issue_date) as days
        from marts.fct_receivables as f
        where f.is_measured and f.issue_date between $start and $end and {UNIT}
    """,
    # A balance of any day is the nearest that the bank states, carried by the lines between the two days.
    "cash_balances": f"""
        with moments as (
            select 'opening' as moment, cast($start as date) - 1 as day
            union all
            select 'closing' as moment, cast($end as date) as day
        ),
        accounts as (
            select f.company, f.bank_id, f.account_id from marts.fct_bank_transactions as f where {UNIT}
            union
            select f.company, f.bank_id, f.account_id from marts.fct_bank_balances as f where {UNIT}
        ),
        stated as (
            select a.*, m.moment, m.day, b.balance_date, b.ledger_balance_brl,
                row_number() over (
                    partition by a.company, a.bank_id, a.account_id, m.moment
                    order by coalesce(b.balance_date <= m.day, false) desc, abs(b.balance_date - m.day)
                ) as nearness
            from accounts as a
            cross join moments as m
            left join marts.fct_bank_balances as b
                on b.company = a.company and b.bank_id = a.bank_id and b.account_id = a.account_id
        ),
        -- Only the days between what is stated and what is asked: a month of lines, however many years there are.
        lines as (
            select t.company, t.bank_id, t.account_id, t.posted_date, t.amount_brl
            from marts.fct_bank_transactions as t
            where t.posted_date > (select min(least(s.balance_date, s.day)) from stated as s where s.nearness = 1)
                and t.posted_date <= (select max(greatest(s.balance_date, s.day)) from stated as s where s.nearness = 1)
        ),
        carried as (
            select s.company, s.bank_id, s.account_id, s.moment, any_value(s.ledger_balance_brl) as stated_brl,
                coalesce(sum(case when t.posted_date > s.balance_date then t.amount_brl else -t.amount_brl end), 0)
                    as carried_brl
            from stated as s
            left join lines as t
                on t.company = s.company and t.bank_id = s.bank_id and t.account_id = s.account_id
                and t.posted_date > least(s.balance_date, s.day) and t.posted_date <= greatest(s.balance_date, s.day)
            where s.nearness = 1
            group by s.company, s.bank_id, s.account_id, s.moment
        )
        select moment, cast(sum(stated_brl + carried_brl) as decimal(18, 2)) as amount_brl,
            count(*) filter (where stated_brl is null) as accounts_unknown, count(*) as accounts
        from carried group by moment
    """,
    "cash_flows": f"""
        select f.direction, f.category, count(*) as lines, sum(f.amount_brl) as amount_brl
        from marts.fct_bank_transactions as f
        where f.posted_date between $start and $end and {UNIT}
            and (f.company, f.bank_id, f.account_id) in (
                select (b.company, b.bank_id, b.account_id) from marts.fct_bank_balances as b
            )
        group by f.direction, f.category order by f.direction, abs(sum(f.amount_brl)) desc, f.category
    """,
    "reconciliation": f"""
        select f.match_rule, case
                when f.is_reconciled then 'none'
                when f.age_days <= 7 then '0_to_7'
                when f.age_days <= 30 then '8_to_30'
                else 'over_30'
            end as age_band,
            count(*) as lines, cast(sum(abs(f.amount_brl)) as double) as amount_brl
        from marts.fct_bank_transactions as f
        where f.posted_date > $since and {UNIT}
        group by f.match_rule, age_band
    """,
    "unmatched_lines": f"""
        select f.posted_date, f.age_days, f.business_unit, f.category, cast(f.amount_brl as double) as amount_brl, f.memo,
            {SOURCE}, count(*) over () as all_lines, cast(sum(abs(f.amount_brl)) over () as double) as all_brl,
            count(*) filter (where f.age_days > 30) over () as old_lines
        from marts.fct_bank_transactions as f
        where not f.is_reconciled and {UNIT}
        order by abs(f.amount_brl) desc, f.posted_date, f.line_id limit 12
    """,
}
