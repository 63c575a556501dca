-- Lines that neither a transfer nor a document number explains, and documents that no line has paid by number.
select lines.*
from {{ ref('int_bank_lines_read') }} as lines
left join {{ ref('int_bank_matches_transfers') }} as sent on lines.line_id = sent.out_line_id
left join {{ ref('int_bank_matches_transfers') }} as arrived on lines.line_id = arrived.in_line_id
left join {{ ref('int_bank_matches_exact') }} as exact_matches on lines.line_id = exact_matches.line_id
where
    sent.out_line_id is null
    and arrived.in_line_id is null
    and exact_matches.line_id is null
