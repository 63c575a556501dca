"""The page of one area; its KPIs come from the catalogue."""

from __future__ import annotations

from dashboard.components.area import area_page
from dashboard.components.panels.fiscal import (
    cancellations,
    filings,
    filings_late,
    number_gaps,
    rejections,
    taxes,
)

area_page("fiscal", charts=(rejections, filings, cancellations, taxes), tables=(filings_late, number_gaps))
