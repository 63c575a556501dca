-- Reminders and repeated answers are merged, never lost: the rows behind the fact are the rows of staging.
with

staged as (
    select count(*) as count_rows from {{ ref('stg_surveys__nps_responses') }}
),

merged as (
    select coalesce(sum(count_invitations), 0) as count_rows from {{ ref('fct_survey_responses') }}
)

select
    staged.count_rows,
    merged.count_rows as count_rows_merged
from staged
cross join merged
where staged.count_rows <> merged.count_rows
