-- What explains a bank line explains the whole of it, to the cent.
select
    line_id,
    min(line_amount_brl) as line_amount_brl,
    sum(amount_brl) as matched_brl
from {{ ref('fct_bank_line_matches') }}
group by line_id
having sum(amount_brl) <> min(line_amount_brl)
