"""The page of one area; its KPIs come from the catalogue."""

from __future__ import annotations

from functools import partial

from dashboard.components.area import area_page
from dashboard.components.panels.durations import still_open
from dashboard.components.panels.payables import ageing, overdue_suppliers

area_page("payables", charts=(ageing, partial(still_open, "days_to_pay")), tables=(overdue_suppliers,))
