"""The page of one area; its KPIs come from the catalogue."""

from __future__ import annotations

from dashboard.components.area import area_page
from dashboard.components.panels.goods import out_of_stock, stock_by_class, stock_by_last_sale

area_page("stock", charts=(stock_by_class, stock_by_last_sale), tables=(out_of_stock,))
