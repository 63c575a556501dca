"""A large company straight into a raw store, for the benchmarks of build and publish.

    python -m benchmarks.company FOLDER [--scale 10]

`--scale` is in millions: of payables, of journal lines, half as many order lines and shipment lines, a sixth as many
orders, shipments, invoices and receivables, a hundredth as many stock movements. Rows are computed from their number, by one
query a table, two and a half years of days up to 2026-11-20; loading is measured elsewhere (`benchmarks/load.py`).
"""

from __future__ import annotations

import argparse
from pathlib import Path

import duckdb

from ingestion.contracts import Contract, load_contracts
from ingestion.raw import key_hash_sql, open_raw, row_hash_sql, table_sql

ROOT = Path(__file__).resolve().parents[1]
DAYS = 900
# The tax number of a unit's establishment: issuers are told apart by it.
TAX_ID = "('112223330' || lpad((1 + {n} % 4)::varchar, 3, '0') || '81')"
UNIT = "['MTZ', 'SUL', 'NE', 'CO'][1 + {n} % 4]"
DAY = f"(date '2024-06-03' + ({{n}} * 7919 % {DAYS})::int)"


def unit(number: str) -> str:
    """SQL of the business unit of a number."""
    return UNIT.format(n=number)


def day(number: str) -> str:
    """SQL of the date of a number."""
    return DAY.format(n=number)


def tax_id(number: str) -> str:
    """SQL of the tax number of the unit of a number."""
    return TAX_ID.format(n=number)


def tables(million: int) -> dict[str, tuple[int, dict[str, str]]]:
    """Rows and columns (as SQL of the row's number `i`) of every table; columns left out are null."""
    orders = million // 6
    return {
        "organisation.business_units": (4, {
            "business_unit": unit("i"), "name": f"'Unit ' || {unit('i')}", "tax_id": tax_id("i"), "active": "true",
        }),
        "erp.payables": (million, {
            "business_unit": unit("i"), "supplier_id": "'F' || i % 5000", "document": "'NF-' || i", "instalment": "1",
            "issue_date": f"{day('i')} - 2", "receipt_date": day("i"), "due_date": f"{day('i')} + 30",
            "paid_date": f"case when i % 9 > 0 and {day('i')} < date '2026-10-10' then {day('i')} + 20 + (i % 21)::int end",
            "amount_brl": "1000 + i % 90000 / 7", "category": "['Serviços', 'Mercadorias', 'Frete', 'Aluguel'][1 + i % 4]",
            "disputed": "i % 50 = 0", "cost_centre": "'CC' || i % 40",
            "status": f"case when i % 9 > 0 and {day('i')} < date '2026-10-10' then 'paid' else 'open' end",
        }),
        "erp.journal_lines": (million, {
            "business_unit": unit("i // 2"), "entry_id": "'L' || i // 2", "line_number": "1 + i % 2",
            "posting_date": day("i // 2"), "period": f"strftime({day('i // 2')}, '%Y-%m')",
            "account": "case i % 2 when 0 then '3.1.01' else '1.1.01' end",
            "debit_brl": "case i % 2 when 0 then 100 + i // 2 % 5000 else 0 end",
            "credit_brl": "case i % 2 when 1 then 100 + i // 2 % 5000 else 0 end",
            "source": "case when i // 2 % 5 = 0 then 'manual' else 'automatic' end",
            "module": "['Estoque', 'Financeiro', 'Vendas'][1 + i // 2 % 3]", "entry_kind": "'normal'",
            "reverses_entry_id": "case when i // 2 % 60 = 59 then 'L' || (i // 2 - 7) end",
            "correction_reason": "case when i // 2 % 60 = 59 then 'Conta errada' end",
        }),
        "erp.receivables": (orders, {
            "business_unit": unit("i"), "customer_id": "'C' || i % 3000", "document": "'' || i", "instalment": "1",
            "issue_date": day("i"), "due_date": f"{day('i')} + 28",
            "settled_date": f"case when i % 12 > 0 and {day('i')} < date '2026-10-10' then {day('i')} + 24 + (i % 15)::int end",
            "amount_brl": "500 + i % 9000", "disputed": "false",
            "status": f"case when i % 12 > 0 and {day('i')} < date '2026-10-10' then 'settled' else 'open' end",
        }),
        "erp.items": (400, {
            "business_unit": "'MTZ'", "item_id": "'P' || i", "description": "'Item ' || i", "category": "'K' || i % 9",
            "abc_class": "['A', 'B', 'C'][1 + i % 3]", "unit_cost_brl": "10 + i", "active": "true",
        }),
        "erp.orders": (orders, {
            "business_unit": unit("i"), "order_id": "'O' || i", "customer_id": "'C' || i % 3000",
            "customer_group": "'G' || i % 3", "channel": "['portal', 'phone', 'edi'][1 + i % 3]",
            "entered_at": f"{day('i')} + interval 13 hours", "promised_date": f"{day('i')} + 5", "total_brl": "500 + i % 9000",
            "corrected_at": f"case when i % 40 = 0 then {day('i')} + interval 38 hours end", "status": "'delivered'",
        }),
        "erp.order_lines": (million // 2, {
            "business_unit": unit("i // 3"), "order_id": "'O' || i // 3", "line_number": "1 + i % 3",
            "item_id": "'P' || i % 400", "warehouse": unit("i // 3"), "quantity": "1 + i % 20", "list_price_brl": "20 + i % 400",
            "discount_percent": "i % 8", "amount_brl": "(1 + i % 20) * (20 + i % 400)", "approved_exception": "false",
            "available_quantity": "30 + i % 50", "status": "'shipped'",
        }),
        "logistics.shipments": (orders, {
            "business_unit": unit("i"), "shipment_id": "'S' || i", "order_id": "'O' || i", "warehouse": unit("i"),
            "carrier": "'T' || i % 5", "invoice_number": "'' || (1 + i)", "released_at": f"{day('i')} + interval 15 hours",
            "picked_at": f"{day('i')} + interval 20 hours", "shipped_at": f"{day('i')} + interval 36 hours",
            "promised_at": f"{day('i')} + interval 120 hours",
            "delivered_at": f"case when i % 30 > 0 then {day('i')} + interval 80 hours + interval (i % 60) hours end",
            "documents_complete": "i % 70 > 0", "damaged": "i % 90 = 0",
        }),
        # One shipment of a thousand has no note yet; the others have theirs within two hours.
        "fiscal.fiscal_documents": (orders, {
            "business_unit": unit("i"), "number": "1 + i", "series": "1", "model": "'55'",
            "access_key": f"'352601' || {tax_id('i')} || '55001' || lpad((1 + i)::varchar, 9, '0') || '1000000010'",
            "protocol": "case when i % 1000 = 0 then 'none' else '1352' || lpad(i::varchar, 11, '0') end",
            "environment": "'production'", "direction": "'exit'", "purpose": "'normal'", "emission_type": "'1'",
            "issued_at": f"{day('i')} + interval 36 hours",
            "authorised_at": f"case when i % 1000 > 0 then {day('i')} + interval 36 hours + interval (i % 120) minutes end",
            "status_code": "case when i % 1000 > 0 then '100' end", "issuer_tax_id": tax_id("i"), "issuer_state": "'SP'",
            "recipient_state": "'RJ'", "products_brl": "500 + i % 9000", "total_brl": "500 + i % 9000", "count_items": "3",
        }),
        "logistics.shipment_lines": (million // 2, {
            "business_unit": unit("i // 3"), "shipment_id": "'S' || i // 3", "line_number": "1 + i % 3",
            "order_line_number": "1 + i % 3", "item_asked": "'P' || i % 400",
            "item_sent": "'P' || case when i % 80 = 0 then (i + 1) % 400 else i % 400 end", "quantity_asked": "1 + i % 20",
            "quantity_sent": "1 + i % 20", "damaged": "i % 120 = 0",
        }),
        "erp.stock_movements": (million // 100, {
            "business_unit": unit("i"), "movement_id": "'M' || i", "movement_date": day("i"), "item_id": "'P' || i % 400",
            "warehouse": unit("i"), "kind": "case when i % 3 = 0 then 'purchase' else 'sale' end",
            "quantity": "case when i % 3 = 0 then 60 + i % 40 else -(20 + i % 10) end",
            "cost_brl": "(case when i % 3 = 0 then 60 + i % 40 else -(20 + i % 10) end) * (10 + i % 400)",
        }),
    }  # fmt: skip


def fill(connection: duckdb.DuckDBPyConnection, contract: Contract, rows: int, columns: dict[str, str]) -> None:
    """Write `rows` current versions into one raw table, as one loaded file known on 2026-11-20."""
    by_name = {"company": "'01'"} | columns
    known = {column.name for column in contract.columns}
    unknown = set(by_name) - known
    if unknown:
        raise SystemExit(f"{contract.name} has no column {', '.join(sorted(unknown))}: correct benchmarks/company.py")
    file_id = connection.execute("select coalesce(max(file_id), 0) + 1 from load.files").fetchall()[0][0]
    connection.execute(
        "insert into load.files (file_id, batch_id, file_name, loaded_at, knowledge_at, state) "
        "values (?, 'benchmark', ?, now()::timestamp, timestamp '2026-11-20 12:00:00', 'loaded')",
        [file_id, f"{contract.table}.csv"],
    )
    typed = ", ".join(
        f'cast({by_name.get(column.name, "null")} as {column.raw_type}) as "{column.name}"'
        for column in contract.columns
    )
    connection.execute(
        f"""
        insert into {table_sql(contract)} by name
        select *, {key_hash_sql(contract)} as _row_key, {row_hash_sql(contract)} as _row_hash
        from (
            select {typed}, {file_id} as _file_id, i + 2 as _line, 'benchmark' as _batch_id,
                timestamp '2026-11-20 12:00:00' as _valid_from, null as _valid_to
            from range({rows}) as numbers(i)
        )
        """
    )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--scale", type=float, default=1.0)
    arguments = parser.parse_args()
    arguments.folder.mkdir(parents=True, exist_ok=True)
    contracts = load_contracts(ROOT)
    connection = open_raw(arguments.folder / "raw.duckdb", contracts)
    for name, (rows, columns) in tables(int(arguments.scale * 1_000_000)).items():
        fill(connection, contracts[name], rows, columns)
        print(f"{name}: {rows:,} rows", flush=True)
    connection.close()


if __name__ == "__main__":
    main()
