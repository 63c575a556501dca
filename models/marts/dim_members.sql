-- What the codes of a dimension are called, for the pages: the code stays the key, because titles are edited.
with

objectives as (
    select
        'objective' as dimension,
        objective_id as member,
        max(title) as label
    from {{ ref('stg_strategy__objectives') }}
    group by objective_id
),

projects as (
    select
        'project' as dimension,
        project_id as member,
        max(name) as label
    from {{ ref('stg_investments__projects') }}
    group by project_id
),

business_units as (
    select
        'business_unit' as dimension,
        business_unit as member,
        label
    from {{ ref('dim_business_units') }}
)

select * from objectives
union all
select * from projects
union all
select * from business_units
