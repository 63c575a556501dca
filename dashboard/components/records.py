"""The records behind a point: a paged table down to file and line, and a CSV of all of them."""

from __future__ import annotations

import streamlit as st

from dashboard import codes, exports, formats, state, vocabulary
from dashboard.components import tables
from dashboard.language import N_, _, active, plural
from dashboard.published import Publication
from dashboard.queries import records
from dashboard.queries.definitions import Definition, business_units
from dashboard.queries.records import RecordQuestion

PAGE_SIZE = 25
MOST_EXPORTED = 100_000
# A column whose title is another one in this model than in the others.
TITLED = {"fct_maintenance_orders": {"order_id": "work_order_id"}}
ORDERS = {"date": N_("By date"), "largest": N_("Largest first")}


def days_words(question: RecordQuestion) -> str:
    """Of which days the records are: `09/11/2026 – 15/11/2026`, `até 15/11/2026`, `de todas as datas`."""
    if question.end is None:
        return _("of all dates")
    if question.start is None:
        return _("until {day}").format(day=formats.day(question.end))
    days = (formats.day(question.start), formats.day(question.end))
    return days[0] if question.start == question.end else f"{days[0]} – {days[1]}"


def _which(definition: Definition) -> None:
    """Which records are listed, where not all that are counted are: the errors among the entries, say."""
    if definition.records_where:
        st.caption(_("Only the records where `{condition}`.").format(condition=definition.records_where))


def record_table(publication: Publication, question: RecordQuestion) -> None:
    """The table with its pages and the download; what is missing is said in words."""
    definition = question.definition
    if not definition.records_model or not records.model_columns(publication, definition.records_model):
        st.caption(_("No records are published for this KPI."))
        return
    total = records.count(publication, question)
    if not total:
        st.caption(_("No record in this period."))
        _which(definition)
        return
    language = active()  # the download is written in another thread, which has no active language
    pages = -(-total // PAGE_SIZE)
    with st.container(horizontal=True, vertical_alignment="center", gap="medium"):
        st.markdown(
            plural("{count} record", "{count} records", total).format(count=formats.number(total))
            + f" · {days_words(question)}"
        )
        st.download_button(
            _("Download CSV"),
            data=lambda: exports.csv_bytes(records.page(publication, question, MOST_EXPORTED, 0), language),
            file_name="_".join(
                [definition.name, *map(str, filter(None, (question.start, question.end, question.outlook_at)))]
            )
            + ".csv",
            mime="text/csv",
            icon=":material/download:",
            on_click="ignore",
        )
    # The page of the table belongs to the question: another period starts at its first page again.
    days = f"{question.start}_{question.end}_{question.outlook_at}"
    key = f"records_{definition.name}_{days}_{question.dimension}_{question.member}"
    _which(definition)
    if question.outlook_at is not None:
        text = _("What was realised up to {day}, and what is planned after it.")
        st.caption(text.format(day=formats.day(question.outlook_at)))
    if question.stands_today:
        st.caption(
            _(
                "Everything until then, as it stands today: what was open on that day and is closed now is not in the list."
            )
        )
    if not records.tells_member(publication, question):
        text = _("The records do not tell “{dimension}”: these are all of them.")
        st.caption(text.format(dimension=vocabulary.dimension(question.dimension or "")))
    is_largest_first = False
    if total > 1 and records.has_value(publication, question):
        is_largest_first = (
            state.segments(
                "rows", _("Sort order"), list(ORDERS), words=lambda name: _(ORDERS[name]), label_visibility="collapsed"
            )
            == "largest"
        )
    number = st.pagination(pages, key=f"{key}_{is_largest_first}") if pages > 1 else 1
    shown = records.page(publication, question, PAGE_SIZE, (number - 1) * PAGE_SIZE, is_largest_first=is_largest_first)
    names = TITLED.get(definition.records_model or "", {})
    tables.draw(
        codes.worded(shown, business_units(publication)).rename(names, strict=False),
        _("Records behind {label}").format(label=definition.label),
    )
    if total > MOST_EXPORTED:
        st.caption(_("The download holds the first {count} records.").format(count=formats.number(MOST_EXPORTED)))
