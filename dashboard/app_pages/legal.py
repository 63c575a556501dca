"""The page of one area; its KPIs come from the catalogue."""

from __future__ import annotations

from functools import partial

from dashboard.components.area import area_page
from dashboard.components.panels.durations import still_open
from dashboard.components.panels.legal import actions, contracts_ahead, lawsuits, next_notices

area_page(
    "legal", charts=(contracts_ahead, lawsuits, actions, partial(still_open, "contract_cycle")), tables=(next_notices,)
)
