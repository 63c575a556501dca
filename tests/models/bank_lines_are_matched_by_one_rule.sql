-- A line that one rule has explained is not there for the next.
select
    line_id,
    count(distinct rule) as count_rules
from {{ ref('fct_bank_line_matches') }}
group by line_id
having count(distinct rule) > 1
