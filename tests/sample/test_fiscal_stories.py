"""The fiscal stories and dirt (data/sample/STORIES.md) must be found again, and the notes must be those of the sales."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import duckdb
import polars as pl
import pytest

from pipeline.sample import sales
from pipeline.sample.company import UNITS
from pipeline.sample.fiscal_documents import CUT_FILE, EDITED_FILE, SUPPLIER_NOTES, TEST_NOTES, TRANSPORT_FILE
from pipeline.sample.fiscal_filings import GAP_MONTH, STILL_MISSING
from pipeline.sample.fiscal_transmissions import (
    TABLE_CHANGE,
    TABLE_CHANGE_CODE,
    TABLE_CHANGE_END,
    TABLE_CHANGE_UNIT,
)


class Published:
    """The published file, asked in SQL."""

    def __init__(self, path: Path) -> None:
        self.connection = duckdb.connect(str(path), read_only=True)

    def rows(self, query: str, *parameters: object) -> list[tuple[Any, ...]]:
        """All rows of a question."""
        return self.connection.execute(query, list(parameters)).fetchall()

    def value(self, kpi: str, grain: str, start: date, dimension: str = "total", member: str = "total") -> float | None:
        """The one value of a KPI, period and member."""
        ((value,),) = self.rows(
            "select value from kpi.kpi_values where kpi = ? and grain = ? and period_start = ? and dimension = ? "
            "and member = ?",
            kpi, grain, start, dimension, member,
        )  # fmt: skip
        return value


@pytest.fixture(scope="module")
def published(published_copy: Path) -> Iterator[Published]:
    file = Published(published_copy)
    yield file
    file.connection.close()


# Story: the table of NCM codes changed, and the head office's ERP went on with the old one for a week


def test_rejections_jump_in_one_unit_for_a_week(published: Published) -> None:
    jump = published.value("nfe_rejection_rate", "week", TABLE_CHANGE, "business_unit", TABLE_CHANGE_UNIT)
    assert jump is not None
    assert jump > 0.5
    total = published.value("nfe_rejection_rate", "week", TABLE_CHANGE)
    usual = [published.value("nfe_rejection_rate", "month", start) for start in (date(2026, 8, 1), date(2026, 9, 1))]
    assert total is not None
    assert total > 0.35
    assert all(value is not None and value < 0.08 for value in usual)
    others = published.rows(
        "select count(*) filter (where is_rejected) / count(*) from marts.fct_fiscal_transmissions "
        "where is_counted and business_unit <> ? and sent_date between ? and ?",
        TABLE_CHANGE_UNIT, TABLE_CHANGE - timedelta(days=28), TABLE_CHANGE_END + timedelta(days=21),
    )[0][0]  # fmt: skip
    assert others < 0.1
    reasons = published.rows(
        "select distinct business_unit, sent_date between ? and ? from marts.fct_fiscal_transmissions "
        "where status_code = ?",
        TABLE_CHANGE, TABLE_CHANGE_END, TABLE_CHANGE_CODE,
    )  # fmt: skip
    assert reasons == [(TABLE_CHANGE_UNIT, True)]


def test_the_jump_is_a_signal(published: Published) -> None:
    signals = published.rows(
        "select direction from kpi.kpi_signals where kpi = 'nfe_rejection_rate' and grain = 'week' "
        "and dimension = 'total' and period_start = ? and rule is not null",
        TABLE_CHANGE,
    )
    assert signals == [("worse",)]


# The chain: every invoice of the sales is a note, to the cent


def test_the_notes_are_the_invoices(published: Published) -> None:
    truth = sales.invoices_truth()
    expected = {
        unit: (rows.height, Decimal(int(rows["total_brl"].sum())) / 100)
        for unit in UNITS
        for rows in [truth.filter(pl.col("business_unit") == unit)]
    }
    found = published.rows(
        "select business_unit, count(*), sum(total_brl) from marts.fct_fiscal_documents "
        "where is_counted and direction = 'exit' group by all"
    )
    assert {unit: (count, total) for unit, count, total in found} == expected
    instalments = published.rows("select sum(instalments_brl) from marts.fct_fiscal_documents where is_counted")
    assert instalments == [(Decimal(int(sales.instalments_truth()["amount_brl"].sum())) / 100,)]


def test_cancellations_come_from_other_files(published: Published) -> None:
    truth = sales.invoices_truth().filter(pl.col("cancelled_at").is_not_null())
    late = truth.filter(pl.col("cancelled_at") - pl.col("authorised_at") > timedelta(hours=24))
    found = published.rows(
        "select count(*) filter (where is_cancelled), count(*) filter (where is_cancelled_late) "
        "from marts.fct_fiscal_documents"
    )
    assert found == [(truth.height, late.height)]
    assert late.height >= 3
    year = sales.invoices_truth().filter(pl.col("authorised_at").dt.year() == 2025)
    returned = published.rows(
        "select count(*) from marts.fct_fiscal_documents where is_counted and direction = 'entry' "
        "and year(authorised_date) = 2025"
    )[0][0]
    rate = published.value("nfe_cancellation_rate", "year", date(2025, 1, 1))
    assert rate == pytest.approx(year["cancelled_at"].count() / (year.height + returned))


def test_what_is_no_sale(published: Published) -> None:
    found = dict(
        published.rows(
            "select case when environment = 'homologation' then 'test' when issued_by = 'third_party' then 'supplier' "
            "when direction = 'entry' then 'entry' end as kind, count(*) from marts.fct_fiscal_documents "
            "where not is_sale and not is_cancelled group by all"
        )
    )
    assert found["test"] == TEST_NOTES
    assert found["supplier"] == SUPPLIER_NOTES
    assert found["entry"] > 40
    assert set(found) == {"test", "supplier", "entry"}


def test_shipments_wait_as_long_as_they_did(published: Published) -> None:
    standing = sales.invoices_truth().filter(pl.col("cancelled_at").is_null())
    minutes = standing.select(
        ((pl.col("authorised_at") - pl.col("shipped_at")).dt.total_seconds() // 60).alias("minutes")
    )["minutes"]
    found = published.rows(
        "select count(*), sum(minutes_to_invoice), median(minutes_to_invoice) from marts.fct_shipment_invoices "
        "where is_invoiced"
    )
    assert found == [(standing.height, minutes.sum(), minutes.median())]
    value = published.value("invoice_delay", "month", date(2026, 10, 1))
    assert value is not None
    assert 0.5 < value < 1.2


# Story: somebody left in June 2026


def test_filings_of_one_month_were_late_and_two_are_missing(published: Published) -> None:
    missing = published.rows(
        "select obligation, period from marts.fct_tax_filings where status = 'missing' order by period"
    )
    assert missing == list(STILL_MISSING)
    late = published.rows(
        "select distinct obligation from marts.fct_tax_filings where period = ? and not is_on_time and is_due "
        "order by 1",
        f"{GAP_MONTH:%Y-%m}",
    )
    assert {"DCTFWeb", "EFD-Contribuições", "EFD-Reinf"} <= {name for (name,) in late}
    regimes = published.rows("select distinct regime, left(period, 4) from marts.fct_tax_filings order by all")
    assert regimes == [("lucro_presumido", "2024"), ("lucro_real", "2025"), ("lucro_real", "2026")]


# Dirt


def test_dirt_among_the_xml_files(published: Published) -> None:
    states = {
        name.rpartition("/")[2]: (state, message)
        for name, state, message in published.rows(
            "select distinct file_name, state, message from meta.files where file_name like '%.xml'"
        )
    }
    assert states[CUT_FILE][0] == "rejected"
    assert "cut or damaged" in states[CUT_FILE][1]
    assert "(CT-e)" in states[TRANSPORT_FILE][1]
    reasons = published.rows("select distinct reason from meta.quarantine where file_name like ?", f"%{EDITED_FILE}")
    assert len(reasons) == 1
    assert "1350.00" in reasons[0][0]
    assert "1850.00" in reasons[0][0]


def test_a_number_leads_to_its_file(published: Published) -> None:
    newest = published.rows(
        "select documents.series, documents.number, files.file_name from marts.fct_fiscal_documents as documents "
        "join meta.files as files on files.file_id = documents.source_file_id "
        "where is_counted and direction = 'exit' and issued_date >= ?",
        date(2026, 9, 1),
    )
    assert len(newest) > 200
    assert all(name.endswith((f"/nfe-{series}-{number}.xml",)) for series, number, name in newest)
