-- One row a payment that had been made before: the same supplier (by tax number), document number, instalment and
-- amount. The first payment was right; each later one is the duplicate. Two instalments of one invoice are two debts.
with

paid as (
    select
        payables.*,
        coalesce(suppliers.tax_id_pseudonym, payables.supplier_id) as party,
        -- 2026-07 is the seventh of a year, not the document 2026 of series 7: rent would be paid twice every month.
        coalesce(
            nullif(
                case
                    when {{ matches("split_part(payables.document, '-', 1)", '(19|20)[0-9]{2}') }}
                        then {{ replace_all('payables.document', '[^0-9]', '') }}
                    else {{ document_number('payables.document') }}
                end, ''
            ),
            payables.document
        ) as document_number
    from {{ ref('fct_payables') }} as payables
    left join {{ ref('stg_erp__suppliers') }} as suppliers
        on
            payables.company = suppliers.company
            and payables.supplier_id = suppliers.supplier_id
    where
        payables.is_measured
        and payables.is_paid
),

-- Nearly every payment is the only one of its kind: only the others are worth numbering.
paid_again as (
    select
        company,
        party,
        document_number,
        instalment,
        amount_brl
    from paid
    group by company, party, document_number, instalment, amount_brl
    having count(*) > 1
),

alike as (
    select paid.*
    from paid
    inner join paid_again
        on
            paid.company = paid_again.company
            and paid.party = paid_again.party
            and paid.document_number = paid_again.document_number
            and paid.instalment = paid_again.instalment
            and paid.amount_brl = paid_again.amount_brl
),

numbered as (
    select
        *,
        row_number() over (
            partition by company, party, document_number, instalment, amount_brl
            order by paid_date, payable_id
        ) as payment_number,
        first_value(payable_id) over (
            partition by company, party, document_number, instalment, amount_brl
            order by paid_date, payable_id
        ) as first_payable_id,
        first_value(paid_date) over (
            partition by company, party, document_number, instalment, amount_brl
            order by paid_date, payable_id
        ) as first_paid_date
    from alike
)

select
    payable_id,
    company,
    business_unit,
    supplier_id,
    supplier_name,
    document,
    instalment,
    category,
    paid_date,
    amount_brl,
    paid_amount_brl,
    first_payable_id,
    first_paid_date,
    source_file_id,
    source_line,
    known_from
from numbered
where payment_number > 1
