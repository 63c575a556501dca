"""The page of one area; its KPIs come from the catalogue."""

from __future__ import annotations

from dashboard.components.area import area_page
from dashboard.components.panels.accounting import errors_by_kind, errors_by_module, largest_errors

area_page("accounting", charts=(errors_by_kind, errors_by_module), tables=(largest_errors,))
