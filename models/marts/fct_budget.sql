-- One row a month, account, cost centre and unit: what was budgeted and what the ledger says came of it. Accounts that
-- the year's budget does not name at all are not budgeted and stay out; a cell without a budget of its own, on an
-- account that has one, is there with a budget of zero.
with

budget as (
    select * from {{ ref('stg_erp__budget') }}
),

budgeted_accounts as (
    select distinct
        company,
        account,
        {{ year_start('month_start') }} as year_start
    from budget
),

named as (
    select distinct
        company,
        account
    from budget
),

-- The period of the entry counts, not the day of posting; closing entries only empty the accounts.
posted as (
    select
        lines.company,
        lines.business_unit,
        lines.account,
        lines.cost_centre,
        cast(lines.period || '-01' as date) as month_start,
        sum(
            case accounts.nature
                when 'revenue' then lines.credit_brl - lines.debit_brl
                else lines.debit_brl - lines.credit_brl
            end
        ) as actual_brl,
        max(lines.source_file_id) as source_file_id,
        max_by(lines.source_line, lines.source_file_id) as source_line
    from {{ ref('fct_journal_lines') }} as lines
    inner join {{ ref('dim_accounts') }} as accounts
        on
            lines.company = accounts.company
            and lines.account = accounts.account
    -- Of a large ledger only the accounts that some budget names are added up.
    inner join named
        on
            lines.company = named.company
            and lines.account = named.account
    where lines.entry_kind = 'normal'
    group by
        lines.company,
        lines.business_unit,
        lines.account,
        lines.cost_centre,
        lines.period
),

cells as (
    select
        coalesce(budget.company, posted.company) as company,
        coalesce(budget.business_unit, posted.business_unit) as business_unit,
        coalesce(budget.account, posted.account) as account,
        coalesce(budget.cost_centre, posted.cost_centre) as cost_centre,
        coalesce(budget.month_start, posted.month_start) as month_start,
        coalesce(budget.amount_brl, 0) as budget_brl,
        coalesce(posted.actual_brl, 0) as actual_brl,
        coalesce(budget.source_file_id, posted.source_file_id) as source_file_id,
        coalesce(budget.source_line, posted.source_line) as source_line
    from budget
    full outer join posted
        on
            budget.company = posted.company
            and budget.business_unit = posted.business_unit
            and budget.account = posted.account
            and budget.cost_centre = posted.cost_centre
            and budget.month_start = posted.month_start
)

select
    cells.company,
    cells.business_unit,
    cells.account,
    accounts.label as account_label,
    accounts.nature,
    cells.cost_centre,
    cells.month_start,
    {{ month_end('cells.month_start') }} as month_end,
    cast(cells.budget_brl as decimal(18, 2)) as budget_brl,
    cast(cells.actual_brl as decimal(18, 2)) as actual_brl,
    -- Positive is good news: more revenue or less expense than was planned.
    cast(
        accounts.favourable_sign * (cells.actual_brl - cells.budget_brl) as decimal(18, 2)
    ) as favourable_variance_brl,
    -- A budget of a few cents is a screen that wanted a number; dividing by it says nothing.
    abs(cells.budget_brl) < {{ var('smallest_budget_brl', 1) }} as is_budget_near_zero,
    accounts.favourable_sign <> 0 and {{ month_end('cells.month_start') }} <= {{ as_of_date() }} as is_measured,
    cells.source_file_id,
    cells.source_line
from cells
inner join {{ ref('dim_accounts') }} as accounts
    on
        cells.company = accounts.company
        and cells.account = accounts.account
inner join budgeted_accounts
    on
        cells.company = budgeted_accounts.company
        and cells.account = budgeted_accounts.account
        and {{ year_start('cells.month_start') }} = budgeted_accounts.year_start
