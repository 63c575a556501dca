-- An access key holds issuer, model, series and number of its document: where they differ, one of the two was edited.
{{ config(severity='warn') }}

select
    access_key,
    issuer_tax_id,
    model,
    series,
    number,
    source_file_id,
    source_line
from {{ ref('stg_fiscal__fiscal_documents') }}
where
    substr(access_key, 21, 2) <> model
    or cast(substr(access_key, 23, 3) as bigint) <> series
    or cast(substr(access_key, 26, 9) as bigint) <> number
    or (length(issuer_tax_id) = 14 and substr(access_key, 7, 14) <> issuer_tax_id)
