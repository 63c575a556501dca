"""Addresses of the dashboard's pages, for mails and chats. Without a public address of the dashboard there are none."""

from __future__ import annotations

from dataclasses import dataclass
from urllib.parse import urlencode

from dashboard.language import tag


@dataclass(frozen=True)
class Links:
    """Links in a reader's language; `base` is where readers find the dashboard, e.g. https://numbers.example.com."""

    base: str | None
    language: str

    def page(self, name: str, **parameters: str) -> str | None:
        """The address of a page with what is to be seen on it."""
        if not self.base:
            return None
        chosen = {key: value for key, value in parameters.items() if value}
        return f"{self.base}/{name}?{urlencode({**chosen, 'lang': tag(self.language)})}"

    def kpi(self, kpi: str, unit: str = "") -> str | None:
        """A KPI by week, of a business unit or of the company."""
        return self.page("kpi", kpi=kpi, grain="week", unit=unit)

    def week(self, week: str) -> str | None:
        """A frozen week with its packs."""
        return self.page("weekly", week=week)
