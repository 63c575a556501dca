"""A company whose names want to be markup, formulas or links, are very long, or are written from right to left."""

from __future__ import annotations

import shutil
from datetime import date
from pathlib import Path

import duckdb

from dashboard.published import current_path
from office import annotations, queries
from office.annotations import Note
from office.store import Office

MARK = "Hostil"
MARKUP = (
    MARK + ' <img src=x onerror="alert(1)"><a href="https://example.org">alvo</a><b>gordo</b><script>alert(2)</script>'
)
MARKDOWN = MARK + " [alvo](https://example.org) **gordo** $x^2$ :red[gordo] `gordo` www.example.org =1+1"
LONG = MARK + " شركة الأمل \N{RIGHT-TO-LEFT OVERRIDE}" + "Interminável" * 12
# Columns in which a company writes freely; codes that pages know as words are not among them.
FREE = [
    "supplier_name",
    "customer_name",
    "title",
    "name",
    "comment",
    "memo",
    "counterparty",
    "plaintiff",
    "department",
    "position_title",
    "category",
    "carrier",
    "customer_group",
    "channel",
    "item_category",
    "item_asked",
    "item_sent",
    "item_description",
    "obligation",
    "sphere",
    "responsible",
    "requester",
    "service",
    "subject",
    "place",
    "asset",
    "asset_class",
    "cost_centre",
    "correction_reason",
    "cancellation_reason",
    "status_reason",
    "requisition_id",
    "salesperson",
    "document",
    "issuer_name",
    "recipient_name",
    "employee",
    "warehouse",
    "account_label",
    "desk",
    "segment",
    "wave",
]


def hostile_company(demo_data: Path, data: Path) -> None:
    """The published sample in another folder, with hostile words in every column of free text, in members, units, files,
    annotations and saved queries.
    """
    (data / "serving").mkdir()
    source = current_path(demo_data)
    copy = data / "serving" / source.name
    shutil.copyfile(source, copy)
    (data / "serving" / "current").write_text(copy.name)
    variants = "list_value($markup, $markdown, $long)[1 + cast(hash({column}) % 3 as integer)]"
    words = {"markup": MARKUP, "markdown": MARKDOWN, "long": LONG}
    with duckdb.connect(str(copy)) as connection:
        columns = connection.execute(
            "select table_name, column_name from information_schema.columns where table_schema = 'marts'"
            " and data_type = 'VARCHAR' and list_contains($free, column_name)",
            {"free": FREE},
        ).fetchall()
        for table, column in columns:
            hostile = variants.format(column=column)
            connection.execute(f"update marts.{table} set {column} = {hostile} || ' ' || {column}", words)
        for table in ("kpi.kpi_values", "kpi.kpi_signals", "kpi.life_tables"):
            names = [row[0] for row in connection.execute(f"describe {table}").fetchall()]
            if "member" in names:
                connection.execute(
                    f"update {table} set member = {variants.format(column='member')} || ' ' || member"
                    " where dimension in ('category', 'department', 'carrier', 'customer_group', 'channel', 'service')",
                    words,
                )
        for label, unit in ((MARKUP, "SUL"), (LONG, "MTZ")):
            connection.execute("update marts.dim_business_units set label = ? where business_unit = ?", [label, unit])
        connection.execute("update meta.publication set company_label = ?", [MARKDOWN])
        connection.execute("update meta.quarantine set value = ?, reason = ?", [MARKUP, MARKDOWN])
        connection.execute("update meta.files set file_name = ? || file_name", [MARKUP])
    office = Office(data)
    day = date(2026, 9, 7)
    annotations.write(office, Note("days_to_pay", day, day, MARKUP, MARKDOWN, ""), LONG[:80])
    queries.save(office, MARKDOWN, "select 1", MARKUP[:80], "nobody")
