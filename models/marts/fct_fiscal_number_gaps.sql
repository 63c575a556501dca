-- One row a run of numbers that none of our documents carries, between two that do, and how many of them were declared
-- unused. A number sent and denied, or still in process, is used up; a rejected one is free again.
with

used as (
    select
        company,
        business_unit,
        model,
        series,
        number,
        issued_date as used_date,
        source_file_id,
        source_line
    from {{ ref('fct_fiscal_documents') }}
    where environment = 'production' and issued_by = 'own'
    union all
    select
        company,
        business_unit,
        model,
        series,
        number,
        sent_date as used_date,
        source_file_id,
        source_line
    from {{ ref('fct_fiscal_transmissions') }}
    where
        environment = 'production'
        and service = 'authorisation'
        and outcome in ('authorised', 'denied', 'pending')
        and number is not null
),

-- The document itself before the line of the log that sent it.
numbered as (
    select
        *,
        row_number() over (
            partition by company, business_unit, model, series, number
            order by used_date, source_file_id, source_line
        ) as position
    from used
),

followed as (
    select
        *,
        lag(number) over (
            partition by company, business_unit, model, series
            order by number
        ) as number_before,
        lag(used_date) over (
            partition by company, business_unit, model, series
            order by number
        ) as date_before
    from numbered
    where position = 1
),

gaps as (
    select
        row_number() over (order by company, business_unit, model, series, number) as gap_id,
        company,
        business_unit,
        model,
        series,
        number_before + 1 as first_number,
        number - 1 as last_number,
        date_before,
        used_date as date_after,
        source_file_id,
        source_line
    from followed
    where number > number_before + 1
),

declared as (
    select distinct
        establishments.company,
        establishments.business_unit,
        unused.model,
        unused.series,
        unused.first_number,
        unused.last_number
    from {{ ref('stg_fiscal__fiscal_number_gaps') }} as unused
    inner join {{ ref('int_fiscal_establishments') }} as establishments
        on unused.issuer_tax_id = establishments.tax_id
    where
        unused.environment = 'production'
        and unused.status_code = '102'
        and unused.registered_at <= {{ as_of_timestamp() }}
),

covered as (
    select
        gaps.gap_id,
        greatest(gaps.first_number, declared.first_number) as covered_from,
        least(gaps.last_number, declared.last_number) as covered_to
    from gaps
    inner join declared
        on
            gaps.company = declared.company
            and gaps.business_unit = declared.business_unit
            and gaps.model = declared.model
            and gaps.series = declared.series
            and gaps.first_number <= declared.last_number
            and gaps.last_number >= declared.first_number
),

compared as (
    select
        *,
        max(covered_to) over (
            partition by gap_id order by covered_from, covered_to
            rows between unbounded preceding and 1 preceding
        ) as covered_before
    from covered
),

counted as (
    select
        gap_id,
        -- Of each range only what reaches beyond the ones before it: overlapping ones count no number twice.
        sum(
            greatest(0, covered_to - greatest(covered_from, coalesce(covered_before + 1, covered_from)) + 1)
        ) as count_declared
    from compared
    group by gap_id
)

select
    gaps.company,
    gaps.business_unit,
    gaps.model,
    gaps.series,
    gaps.first_number,
    gaps.last_number,
    cast(gaps.last_number - gaps.first_number + 1 as bigint) as count_numbers,
    cast(coalesce(counted.count_declared, 0) as bigint) as count_declared,
    coalesce(counted.count_declared, 0) = gaps.last_number - gaps.first_number + 1 as is_declared,
    gaps.date_before,
    gaps.date_after,
    gaps.source_file_id,
    gaps.source_line
from gaps
left join counted on gaps.gap_id = counted.gap_id
