"""Annotations of a KPI: those that the chart shows, the list of them, and the forms to write and to change one."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date

import streamlit as st

from dashboard import formats, state
from dashboard.charts.remarks import Remark
from dashboard.language import N_, _, active
from dashboard.writings import office
from office import annotations
from office.annotations import LONGEST_TEXT, Annotation, Note, Unwritable

PROBLEMS = {
    "text": N_("Write the cause in at least one language."),
    "length": N_("The text is too long."),
    "author": N_("Say who you are: others will want to ask."),
    "days": N_("The last day is before the first."),
}
EDITED = "annotation_edited"
WHOLE_COMPANY = ""


def annotations_of(kpi: str, dimension: str, member: str) -> list[Annotation]:
    """What people noted about a KPI: of a business unit its own and the company's, of the company all."""
    kept = annotations.listed(office(), kpi)
    if dimension != "business_unit":
        return kept
    return [one for one in kept if one.note.business_unit in (WHOLE_COMPANY, member)]


def remarks(kept: Sequence[Annotation]) -> list[Remark]:
    """The annotations as the chart takes them."""
    return [Remark(one.note.first_day, one.note.last_day, one.text(active())) for one in kept]


def annotations_panel(kpi: str, kept: Sequence[Annotation], units: Mapping[str, str], day: date | None) -> None:
    """The annotations below the chart, each with its author, and a form for another one."""
    for one in kept:
        if st.session_state.get(EDITED) == one.annotation_id:
            _form(kpi, units, one, one.note.first_day)
        else:
            _line(one, units)
    with st.expander(_("Annotate this KPI"), icon=":material/add_comment:"):
        _form(kpi, units, None, day)


def _days(note: Note) -> str:
    days = (formats.day(note.first_day), formats.day(note.last_day))
    return days[0] if note.first_day == note.last_day else f"{days[0]} – {days[1]}"


def _line(one: Annotation, units: Mapping[str, str]) -> None:
    note = one.note
    where = units.get(note.business_unit, note.business_unit)
    told = [_days(note), *([where] if where else []), one.author]
    if one.edited_by:
        told.append(_("edited by {name}").format(name=one.edited_by))
    with st.container(horizontal=True, vertical_alignment="center", gap="xsmall"):
        st.markdown(
            f":material/comment: {formats.markdown(one.text(active()))}"
            f" :small[:gray[{formats.markdown(' · '.join(told))}]]",
            width="stretch",
        )
        st.button("", key=f"edit_{one.annotation_id}", icon=":material/edit:", type="tertiary", help=_("Change"),
                  on_click=_edit, args=(one.annotation_id,))  # fmt: skip


def _edit(identifier: str | None) -> None:
    st.session_state[EDITED] = identifier


def _form(kpi: str, units: Mapping[str, str], one: Annotation | None, day: date | None) -> None:
    note = one.note if one else None
    key = one.annotation_id if one else "new"
    picture = "DD/MM/YYYY" if active() == "pt_BR" else "YYYY-MM-DD"
    with st.form(f"annotation_{key}", clear_on_submit=False, border=one is not None):
        with st.container(horizontal=True, gap="small"):
            first = st.date_input(_("First day"), value=note.first_day if note else day, format=picture, width=150)
            last = st.date_input(_("Last day"), value=note.last_day if note else day, format=picture, width=150)
            codes = [WHOLE_COMPANY, *units]
            unit = st.selectbox(
                _("Business unit"), codes, index=codes.index(note.business_unit) if note and note.business_unit in codes else 0,
                format_func=lambda code: units.get(code, _("All units")), width=200,
            )  # fmt: skip
            author = st.text_input(_("Your name"), value=state.reader_name(), max_chars=80, width=200)
        texts = {
            "pt_BR": _("Cause, in Portuguese"),
            "en": _("Cause, in English"),
        }
        order = sorted(texts, key=lambda language: language != active())
        written = {
            language: st.text_input(texts[language], max_chars=LONGEST_TEXT, key=f"annotation_{key}_{language}",
                                    value=(note.text_pt_br if language == "pt_BR" else note.text_en) if note else "")
            for language in order
        }  # fmt: skip
        with st.container(horizontal=True, gap="small"):
            is_written = st.form_submit_button(_("Save"))
            is_deleted = one is not None and st.form_submit_button(_("Delete"), icon=":material/delete:")
            is_left = one is not None and st.form_submit_button(_("Cancel"))
    if is_left:
        _edit(None)
        st.rerun()
    if not (is_written or is_deleted):
        return
    state.remember_name(author)
    try:
        if is_deleted and one is not None:
            annotations.delete(office(), one.annotation_id, author)
        else:
            if not isinstance(first, date) or not isinstance(last, date):
                raise Unwritable("days")
            wanted = Note(kpi, first, last, written["en"], written["pt_BR"], unit)
            if one is None:
                annotations.write(office(), wanted, author)
            else:
                annotations.edit(office(), one.annotation_id, wanted, author)
    except Unwritable as problem:
        st.error(_(PROBLEMS[problem.reason]))
        return
    except KeyError:
        st.error(_("Somebody else has deleted this annotation."))
        return
    _edit(None)
    for language in texts:
        st.session_state.pop(f"annotation_{key}_{language}", None)
    st.rerun()
