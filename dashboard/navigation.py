"""The pages, in reading order. A new page is a file in `app_pages/` and one line here.

Every area of the vocabulary has a page. An area without a file of its own shares `app_pages/area.py`: its KPIs as a
scorecard, without charts of the subject.
"""

from __future__ import annotations

from contextvars import ContextVar
from copy import copy
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

import streamlit as st
from streamlit.runtime.scriptrunner import get_script_run_ctx

from dashboard import vocabulary
from dashboard.language import N_, _, active

FOLDER = Path(__file__).parent / "app_pages"


@dataclass(frozen=True)
class Entry:
    """A page: the stem of its file and its address, its title, its icon; `is_listed` puts it into the menu.

    `short` is its title there, where the whole one would be cut.
    """

    name: str
    title: str
    icon: str
    is_listed: bool = True
    section: str = ""
    short: str = ""


AREAS = N_("Areas")
AREA_ICONS = {
    "customers": ":material/sentiment_satisfied:",
    "strategy": ":material/flag:",
    "investments": ":material/trending_up:",
    "payables": ":material/receipt_long:",
    "receivables": ":material/request_quote:",
    "accounting": ":material/account_balance:",
    "fiscal": ":material/gavel:",
    "people": ":material/groups:",
    "support": ":material/support_agent:",
    "it": ":material/dns:",
    "legal": ":material/balance:",
    "stock": ":material/inventory_2:",
    "logistics": ":material/local_shipping:",
    "commercial": ":material/shopping_cart:",
    "procurement": ":material/handshake:",
    "facilities": ":material/apartment:",
}
SHORT_TITLES = {"receivables": N_("Receivables"), "commercial": N_("Commercial")}
ENTRIES = (
    Entry("overview", N_("Overview"), ":material/dashboard:"),
    Entry("weekly", N_("Weeks"), ":material/event_available:"),
    *(
        Entry(area, title, AREA_ICONS[area], section=AREAS, short=SHORT_TITLES.get(area, ""))
        for area, title in vocabulary.AREAS.items()
    ),
    Entry("explore", N_("Explore"), ":material/query_stats:", section=N_("Analysis")),
    Entry("sql", N_("SQL"), ":material/terminal:", section=N_("Analysis")),
    Entry("definitions", N_("Definitions"), ":material/menu_book:", section=N_("Trust")),
    Entry("data", N_("Data"), ":material/database:", section=N_("Trust")),
    Entry("kpi", N_("Indicator"), ":material/show_chart:", is_listed=False),
)


@lru_cache(maxsize=1)
def _by_name() -> dict[str, Entry]:
    return {entry.name: entry for entry in ENTRIES}


def _made(name: str, _language: str) -> st.Page:
    entry = _by_name()[name]
    own = FOLDER / f"{entry.name}.py"
    return st.Page(
        own if own.is_file() else FOLDER / "area.py",
        title=_(entry.title),
        icon=entry.icon,
        url_path=entry.name,
        default=entry is ENTRIES[0],
    )


# Making a page looks at the disk, and a page of ours links to forty.
_kept = lru_cache(maxsize=128)(_made)


def page(name: str) -> st.Page:
    """The Streamlit page of an entry, with its title in the active language. Raises KeyError for an unknown name."""
    # Outside a visit Streamlit makes only half a page: that is not to be kept.
    make = _kept if get_script_run_ctx(suppress_warning=True) else _made
    return make(name, active())


def pages() -> list[st.Page]:
    """All pages, titled in the active language; of one's own, because Streamlit marks the one that is running."""
    return [copy(page(entry.name)) for entry in ENTRIES]


_open: ContextVar[str] = ContextVar("open_page", default=ENTRIES[0].name)


def run(chosen: st.Page) -> None:
    """Run the chosen page; while it runs, `opened` names it."""
    _open.set(chosen.url_path or ENTRIES[0].name)
    chosen.run()


def opened() -> str:
    """Name of the entry that is being drawn: what a file shared by several pages has to know."""
    return _open.get()
