"""Real fiscal files that nobody here wrote, loaded as any file is: their known answers must come out to the cent."""

from __future__ import annotations

import os
from decimal import Decimal
from pathlib import Path

import duckdb
import pytest

from ingestion.contracts import Contract
from ingestion.load import load_file

REALDATA = Path(os.environ.get("RETAGUARDA_REALDATA", Path(__file__).parents[3] / "shared" / "realdata"))
DOCUMENTS = sorted(REALDATA.glob("fiscal_xml/*.xml"))

pytestmark = pytest.mark.skipif(
    not REALDATA.is_dir(),
    reason=f"the real samples are not here ({REALDATA}); RETAGUARDA_REALDATA names their folder",
)


def test_every_fiscal_document_adds_up(store: duckdb.DuckDBPyConnection, contracts: dict[str, Contract]) -> None:
    reports = {path.name: load_file(store, path, contracts, batch_id="real") for path in DOCUMENTS}
    (correction,) = [report for name, report in reports.items() if name.startswith("cce")]
    assert (correction.state, "(CT-e)" in correction.message) == ("rejected", True)
    loaded = [report for report in reports.values() if report is not correction]
    assert all(report.state == "loaded" and not report.quarantine for report in loaded)
    assert store.execute(
        "select environment, direction, protocol <> 'none', count(*), sum(total_brl) from fiscal.fiscal_documents "
        "group by all order by all"
    ).fetchall() == [
        ("homologation", "exit", False, 1, Decimal("14.00")),
        ("production", "entry", True, 1, Decimal("95700.68")),
        ("production", "exit", True, 7, Decimal("72343.30")),
    ]
    assert store.execute(
        "select count(*) from fiscal.fiscal_documents as documents join (select access_key, sum(products_brl) as "
        "products_brl from fiscal.fiscal_document_items where counts_in_total group by all) as items "
        "using (access_key) where items.products_brl = documents.products_brl"
    ).fetchall() == [(9,)]
    # The instalments are the receivable where there are any; two bonuses and a purchase have none.
    assert store.execute("select count(*), sum(amount_brl) from fiscal.fiscal_document_instalments").fetchall() == [
        (5, Decimal("71244.00"))
    ]
    assert store.execute("select first_number, last_number, environment from fiscal.fiscal_number_gaps").fetchall() == [
        (101, 101, "homologation")
    ]
