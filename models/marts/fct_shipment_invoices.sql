-- One row a shipment that has left, and the note that stands for it. Entry notes, tests and cancelled notes are none.
-- The shipment names its note as number or number-series.
with

shipments as (
    select
        company,
        business_unit,
        shipment_id,
        order_id,
        warehouse,
        invoice_number,
        try_cast(split_part(invoice_number, '-', 1) as bigint) as number,
        try_cast(nullif(split_part(invoice_number, '-', 2), '') as bigint) as series,
        shipped_at,
        shipped_date,
        source_file_id,
        source_line,
        known_from
    from {{ ref('fct_shipments') }}
    where shipped_at is not null
),

notes as (
    select
        company,
        business_unit,
        access_key,
        number,
        series,
        authorised_at,
        authorised_date,
        total_brl
    from {{ ref('fct_fiscal_documents') }}
    where is_sale
),

matched as (
    select
        shipments.*,
        notes.access_key,
        notes.authorised_at,
        notes.authorised_date,
        notes.total_brl,
        row_number() over (
            partition by shipments.company, shipments.shipment_id order by notes.authorised_at, notes.access_key
        ) as position
    from shipments
    left join notes
        on
            shipments.company = notes.company
            and shipments.business_unit = notes.business_unit
            and shipments.number = notes.number
            and coalesce(shipments.series, notes.series) = notes.series
)

select
    company,
    business_unit,
    shipment_id,
    order_id,
    warehouse,
    invoice_number,
    shipped_at,
    shipped_date,
    access_key,
    authorised_at,
    authorised_date,
    authorised_at is not null as is_invoiced,
    -- authorised before the goods left: no delay
    cast(
        greatest(0, {{ minutes_between('shipped_at', 'coalesce(authorised_at, ' ~ as_of_timestamp() ~ ')') }}) as bigint
    ) as minutes_to_invoice,
    total_brl,
    source_file_id,
    source_line,
    known_from
from matched
where position = 1
