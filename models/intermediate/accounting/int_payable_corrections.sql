-- Instalments that were entered wrongly: a version known before says another issue, receipt or due date, amount,
-- category or cost centre than the one known now. Payment, status and dispute change in the normal course.
with

earlier as (
    select
        company,
        supplier_id,
        document,
        instalment,
        issue_date,
        receipt_date,
        due_date,
        amount_brl,
        {{ member('category') }} as category,
        {{ member('cost_centre') }} as cost_centre,
        _valid_to
    from {{ source('erp', 'payables') }}
    where
        _valid_from <= {{ as_of_timestamp() }}
        and _valid_to <= {{ as_of_timestamp() }}
)

select
    now_known.company,
    now_known.supplier_id,
    now_known.document,
    now_known.instalment,
    {{ local_date('min(earlier._valid_to)') }} as corrected_date
from {{ ref('stg_erp__payables') }} as now_known
inner join earlier
    on
        now_known.company = earlier.company
        and now_known.supplier_id = earlier.supplier_id
        and now_known.document = earlier.document
        and now_known.instalment = earlier.instalment
where
    now_known.issue_date <> earlier.issue_date
    or now_known.receipt_date <> earlier.receipt_date
    or now_known.due_date <> earlier.due_date
    or now_known.amount_brl <> earlier.amount_brl
    or now_known.category <> earlier.category
    or now_known.cost_centre <> earlier.cost_centre
group by
    now_known.company,
    now_known.supplier_id,
    now_known.document,
    now_known.instalment
