-- One row an access key: a document that came with and without its answer is what the answer says.
with

ranked as (
    select
        *,
        row_number() over (
            partition by access_key
            order by
                case
                    when protocol <> 'none' and status_code in ('100', '150') then 1
                    when protocol <> 'none' then 2
                    else 3
                end,
                known_from desc,
                source_file_id desc
        ) as position
    from {{ ref('stg_fiscal__fiscal_documents') }}
)

select *
from ranked
where position = 1
