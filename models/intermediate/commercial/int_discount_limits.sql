-- The policy that held for each customer group, item category and order date with a discount: the narrowest one.
-- Worked out once for each combination, so that millions of lines only look it up.
with

policies as (
    select * from {{ ref('stg_erp__discount_policies') }}
),

orders as (
    -- by order, not by line: a time zone costs more than a join
    select
        company,
        order_id,
        customer_group,
        {{ local_date('entered_at') }} as order_date
    from {{ ref('stg_erp__orders') }}
),

asked as (
    select distinct
        lines.company,
        orders.customer_group,
        coalesce(items.category, 'unknown') as item_category,
        orders.order_date
    from {{ ref('stg_erp__order_lines') }} as lines
    inner join orders
        on
            lines.company = orders.company
            and lines.order_id = orders.order_id
    left join {{ ref('stg_erp__items') }} as items
        on
            lines.company = items.company
            and lines.item_id = items.item_id
    where lines.discount_percent > 0
),

ranked as (
    select
        asked.company,
        asked.customer_group,
        asked.item_category,
        asked.order_date,
        policies.policy_id,
        policies.limit_percent,
        row_number() over (
            partition by asked.company, asked.customer_group, asked.item_category, asked.order_date
            -- both named, then the group, then the category, then everything; of two alike the later, then the tighter
            order by
                case when policies.customer_group is null then 0 else 2 end
                + case when policies.item_category is null then 0 else 1 end desc,
                policies.valid_from desc,
                policies.limit_percent asc,
                policies.policy_id asc
        ) as place
    from asked
    inner join policies
        on
            asked.company = policies.company
            and asked.order_date >= policies.valid_from
            and asked.order_date <= coalesce(policies.valid_to, asked.order_date)
            and lower(asked.customer_group) = lower(coalesce(policies.customer_group, asked.customer_group))
            and lower(asked.item_category) = lower(coalesce(policies.item_category, asked.item_category))
)

select
    company,
    customer_group,
    item_category,
    order_date,
    policy_id,
    limit_percent
from ranked
where place = 1
