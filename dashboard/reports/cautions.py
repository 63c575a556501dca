"""Tests that did not pass and sources that are overdue, in words: for packs and alerts alike."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from dashboard import formats
from dashboard.language import _, plural
from dashboard.reports.content import Caution


def test_caution(name: str, failures: int | None, kpis: str) -> Caution:
    """A test that did not pass, and the KPIs that it concerns; `failures` is None where the rows were not counted."""
    said = _("failed")
    if failures is not None:
        said = plural("{count} row failed it", "{count} rows failed it", failures).format(
            count=formats.number(failures)
        )
    return Caution(_("Test {name}").format(name=name), f"{said} · {kpis}")


def source_caution(source: Mapping[str, Any], kpis: str) -> Caution:
    """An export that is overdue (a row of meta.source_freshness), and the KPIs that it concerns."""
    label = source["label_pt_br"] if formats.active() == "pt_BR" else source["label_en"]
    days = round(source["days_since"])
    said = plural("not loaded for {days} day", "not loaded for {days} days", days).format(days=formats.number(days))
    return Caution(_("Source {name}").format(name=label), f"{said} · {kpis}")
