"""The page of one area; its KPIs come from the catalogue."""

from __future__ import annotations

from functools import partial

from dashboard.components.area import area_page
from dashboard.components.panels.durations import still_open
from dashboard.components.panels.goods import late_orders, order_faults

area_page("logistics", charts=(order_faults, partial(still_open, "order_cycle_time")), tables=(late_orders,))
