"""Small aggregates for the page of IT, asked by `windows.ask`."""

from __future__ import annotations

from dashboard.queries.windows import SOURCE, UNIT

QUERIES = {
    # By the day of recovery, as the indicator; what is still down counts in its severity, without a time.
    "incidents": f"""
        select f.severity, count(*) filter (where not f.is_open) as recovered, count(*) filter (where f.is_open) as still_down,
            median(f.minutes_down) filter (where not f.is_open) / 60.0 as median_hours,
            quantile_cont(f.minutes_down, 0.8) filter (where not f.is_open) / 60.0 as p80_hours
        from marts.fct_incidents as f
        where not f.is_planned_maintenance and (f.is_open or f.recovered_date > $since) and {UNIT}
        group by f.severity
    """,
    "downtime": f"""
        select cast(date_trunc($grain, f.date_day) as date) as period_start,
            f.company || '|' || f.service_id as service_id, any_value(f.service) as service,
            sum(f.down_minutes) / 60.0 as hours_down,
            cast(sum(f.up_minutes) as double) as up, cast(sum(f.agreed_minutes - f.planned_minutes) as double) as agreed
        from marts.fct_service_days as f
        where f.date_day >= $first and f.date_day <= $as_of and f.agreed_minutes > f.planned_minutes and {UNIT}
        group by period_start, f.company, f.service_id order by period_start, f.company, f.service_id
    """,
    "changes": f"""
        select cast(date_trunc($grain, f.deployed_date) as date) as period_start, f.kind, count(*) as changes,
            count(*) filter (where f.is_failed) as failed
        from marts.fct_changes as f
        where f.is_deployed and f.deployed_date >= $first and f.deployed_date <= $as_of and {UNIT}
        group by period_start, f.kind order by period_start, f.kind
    """,
    "longest_incidents": f"""
        select f.incident_id, f.service, f.severity, f.business_unit, f.down_date, f.recovered_date,
            round(f.minutes_down / 60.0, 1) as hours_down, f.change_id, {SOURCE}
        from marts.fct_incidents as f
        where not f.is_planned_maintenance and (f.is_open or f.recovered_date > $since) and {UNIT}
        order by f.is_open desc, f.minutes_down desc, f.incident_id limit 12
    """,
}
