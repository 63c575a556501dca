-- The histogram holds every measured instalment once, and every finished one is a payment.
with

histogram as (
    select
        sum(cases) as cases,
        sum(case when is_finished then cases else 0 end) as finished
    from {{ ref('kpi_days_to_pay') }}
),

facts as (
    select
        count(*) as cases,
        sum(case when is_paid then 1 else 0 end) as finished
    from {{ ref('fct_payables') }}
    where is_measured
)

select
    histogram.cases,
    facts.cases as facts_cases,
    histogram.finished,
    facts.finished as facts_finished
from histogram
cross join facts
where
    coalesce(histogram.cases, 0) <> facts.cases
    or coalesce(histogram.finished, 0) <> coalesce(facts.finished, 0)
