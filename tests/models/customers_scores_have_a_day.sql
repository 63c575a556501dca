-- A score without the day on which it was given belongs to no week and is not counted: look at the export.
{{ config(severity='warn') }}

select
    response_id,
    source_file_id,
    source_line
from {{ ref('stg_surveys__nps_responses') }}
where
    score is not null
    and answered_at is null
