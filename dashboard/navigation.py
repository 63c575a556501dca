"""The pages, in reading order. A new page is a file in `app_pages/` and one line here."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

import streamlit as st

from dashboard.language import N_, _

FOLDER = Path(__file__).parent / "app_pages"


@dataclass(frozen=True)
class Entry:
    """A page: the stem of its file and its address, its title, its icon; `is_listed` puts it into the menu."""

    name: str
    title: str
    icon: str
    is_listed: bool = True
    section: str = ""


AREAS = N_("Areas")
ENTRIES = (
    Entry("overview", N_("Overview"), ":material/dashboard:"),
    Entry("customers", N_("Customers"), ":material/sentiment_satisfied:", section=AREAS),
    Entry("strategy", N_("Strategy"), ":material/flag:", section=AREAS),
    Entry("investments", N_("Investments"), ":material/trending_up:", section=AREAS),
    Entry("payables", N_("Payables"), ":material/receipt_long:", section=AREAS),
    Entry("accounting", N_("Accounting"), ":material/account_balance:", section=AREAS),
    Entry("support", N_("Internal support"), ":material/support_agent:", section=AREAS),
    Entry("data", N_("Data"), ":material/database:", section=N_("Trust")),
    Entry("kpi", N_("Indicator"), ":material/show_chart:", is_listed=False),
)


@lru_cache(maxsize=1)
def _by_name() -> dict[str, Entry]:
    return {entry.name: entry for entry in ENTRIES}


def page(name: str) -> st.Page:
    """The Streamlit page of an entry, with its title in the active language. Raises KeyError for an unknown name."""
    entry = _by_name()[name]
    return st.Page(
        FOLDER / f"{entry.name}.py",
        title=_(entry.title),
        icon=entry.icon,
        url_path=entry.name,
        default=entry is ENTRIES[0],
    )


def pages() -> list[st.Page]:
    """All pages, titled in the active language."""
    return [page(entry.name) for entry in ENTRIES]
