"""Small aggregates for the page of people, asked by `windows.ask`. No row speaks of a person."""

from __future__ import annotations

from dashboard.queries.windows import UNIT

QUERIES = {
    "headcount": f"""
        select
            -- The opening is what was there before the first day that is known of each team.
            cast(sum(case when f.date_day = f.first_day then f.opening_headcount else 0 end) as bigint) as opening,
            cast(sum(f.admissions) as bigint) as admissions, cast(sum(f.voluntary_leavers) as bigint) as voluntary,
            cast(sum(f.leavers - f.voluntary_leavers) as bigint) as others,
            cast(sum(case when f.date_day = f.last_day then f.closing_headcount else 0 end) as bigint) as closing
        from (
            select f.*, min(f.date_day) over (partition by f.business_unit, f.department) as first_day,
                max(f.date_day) over (partition by f.business_unit, f.department) as last_day
            from marts.fct_headcount_days as f
            where f.date_day between $start and $end and {UNIT}
        ) as f
        having count(*) > 0
    """,
    "turnover": f"""
        select f.department, cast(sum(f.leavers) as bigint) as leavers,
            cast(sum(f.voluntary_leavers) as bigint) as voluntary,
            -- The mean of the days, as in the indicator; a team that did not exist yet counts as zero.
            cast(sum(f.closing_headcount) as double) / (cast($as_of as date) - cast($since as date)) as headcount
        from marts.fct_headcount_days as f
        where f.date_day > $since and f.date_day <= $as_of and {UNIT}
        group by f.department order by f.department
    """,
    "absence": f"""
        with lost as (
            select cast(date_trunc($grain, f.absence_date) as date) as period_start,
                cast(sum(case when f.is_unjustified then f.lost_hours else 0 end) as double) as unjustified_hours,
                cast(sum(case when f.is_unjustified then 0 else f.lost_hours end) as double) as justified_hours
            from marts.fct_absences as f
            where f.is_counted and f.absence_date >= $first and f.absence_date <= $as_of and {UNIT}
            group by period_start
        ),
        contracted as (
            select cast(date_trunc($grain, f.date_day) as date) as period_start,
                cast(sum(f.contracted_hours) as double) as contracted_hours,
                cast(max(f.headcount) as bigint) as headcount
            from (
                select f.date_day, sum(f.contracted_hours) as contracted_hours, sum(f.closing_headcount) as headcount
                from marts.fct_headcount_days as f
                where f.date_day >= $first and {UNIT}
                group by f.date_day
            ) as f
            group by period_start
        )
        select c.period_start, coalesce(l.justified_hours, 0) as justified_hours,
            coalesce(l.unjustified_hours, 0) as unjustified_hours, c.contracted_hours, c.headcount
        from contracted as c left join lost as l on l.period_start = c.period_start
        order by c.period_start
    """,
    # Hours of a course that fewer than five people took would tell who took it.
    "trainings": f"""
        select f.title as training, f.is_mandatory, count(distinct f.employee_key) as people,
            cast(sum(f.hours) as double) as hours,
            count(*) over () as courses, cast(sum(sum(f.hours)) over () as double) as all_hours
        from marts.fct_trainings as f
        where f.is_counted and f.training_date > $since and f.training_date <= $as_of and {UNIT}
        group by f.title, f.is_mandatory having count(distinct f.employee_key) >= 5
        order by hours desc, training limit 12
    """,
}
