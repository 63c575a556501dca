-- The chart of accounts. An account that only entries or the budget name is shown by its code, of unknown nature.
with

named as (
    select * from {{ ref('stg_erp__accounts') }}
),

seen as (
    select
        company,
        account
    from {{ ref('stg_erp__journal_lines') }}
    union
    select
        company,
        account
    from {{ ref('stg_erp__budget') }}
    union
    select
        company,
        account
    from named
)

select
    seen.company,
    seen.account,
    coalesce(named.account_name, seen.account) as label,
    coalesce(named.nature, 'unknown') as nature,
    named.parent_account,
    coalesce(named.cash_flow, 'none') as cash_flow,
    -- What a growth of one real does to the result: revenue is welcome, an expense is not, the rest has no side.
    cast(case named.nature when 'revenue' then 1 when 'expense' then -1 else 0 end as integer) as favourable_sign,
    coalesce(named.is_active, true) as is_active,
    named.account is not null as is_named
from seen
left join named
    on
        seen.company = named.company
        and seen.account = named.account
