-- One row a supplier's invoice, its instalments together: entered right the first time, or corrected later. The ERP may
-- say so itself (date of correction); else two versions of the row tell.
select
    payables.company || '|' || payables.supplier_id || '|' || payables.document as invoice_id,
    payables.company,
    min_by(payables.business_unit, payables.instalment) as business_unit,
    payables.supplier_id,
    min(payables.supplier_name) as supplier_name,
    payables.document,
    min_by(payables.category, payables.instalment) as category,
    min(payables.receipt_date) as receipt_date,
    count(*) as count_instalments,
    cast(sum(payables.amount_brl) as decimal(18, 2)) as amount_brl,
    max(case when payables.is_measured then 1 else 0 end) = 1 as is_measured,
    min(least(corrections.corrected_date, stated.corrected_date)) as corrected_date,
    min(least(corrections.corrected_date, stated.corrected_date)) is not null as is_corrected,
    min_by(payables.source_file_id, payables.instalment) as source_file_id,
    min_by(payables.source_line, payables.instalment) as source_line
from {{ ref('fct_payables') }} as payables
left join {{ ref('int_payable_corrections') }} as corrections
    on
        payables.company = corrections.company
        and payables.supplier_id = corrections.supplier_id
        and payables.document = corrections.document
        and payables.instalment = corrections.instalment
left join {{ ref('stg_erp__payables') }} as stated
    on
        payables.company = stated.company
        and payables.supplier_id = stated.supplier_id
        and payables.document = stated.document
        and payables.instalment = stated.instalment
        and stated.corrected_date <= {{ as_of_date() }}
group by
    payables.company,
    payables.supplier_id,
    payables.document
