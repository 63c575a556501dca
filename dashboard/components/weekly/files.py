"""The files of a week's pack: download what is kept, make what is not there yet."""

from __future__ import annotations

from pathlib import Path

import streamlit as st

from dashboard import command, formats, state
from dashboard.language import LANGUAGES, NAMES, _, active, tag
from dashboard.published import data_folder
from dashboard.reports import shelf
from dashboard.reports.shelf import AlteredPack

EVERYBODY = "all"
# What opens each format; a reader knows the programme better than the ending.
FORMATS = {
    "html": ("HTML", "text/html"),
    "pdf": ("PDF", "application/pdf"),
    "xlsx": ("XLSX", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
    "pptx": ("PPTX", "application/vnd.openxmlformats-officedocument.presentationml.presentation"),
}


def pack_files(week: str) -> None:
    """One button a format; one more where some are still to be made."""
    data = data_folder()
    audiences = [EVERYBODY, *shelf.audiences(data)]
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        st.markdown(f"**{_('Weekly pack')}**", width="content")
        audience = EVERYBODY
        if len(audiences) > 1:
            audience = state.select(
                "audience", _("Audience"), audiences, width=190, label_visibility="collapsed",
                words=lambda name: _("For everybody") if name == EVERYBODY else name,
            )  # fmt: skip
        chosen = state.segments(
            "in", _("Language of the pack"), [tag(code) for code in LANGUAGES], default=tag(active()),
            words=lambda code: NAMES[code.replace("-", "_")], label_visibility="collapsed",
        )  # fmt: skip
        missing = _downloads(shelf.folder_of(data, week, audience), week, audience, chosen)
        is_wanted = False
        if missing:
            titles = ", ".join(FORMATS[ending][0] for ending in missing)
            is_wanted = st.button(
                _("Make {formats}").format(formats=titles), icon=":material/build:", key="make_pack",
                help=_("Files of a frozen week are made once and kept."),
            )  # fmt: skip
    if is_wanted:
        with st.spinner(_("Preparing …")):
            answer = _made(week, audience, chosen, missing)
        if answer.is_done:
            st.rerun()
        st.error(formats.markdown(answer.message), icon=":material/block:")


def _downloads(folder: Path, week: str, audience: str, language: str) -> list[str]:
    """A button for each format that is kept; returns those that are not."""
    kept = shelf.kept(folder)
    missing = []
    for ending, (title, mime) in FORMATS.items():
        name = f"retaguarda_{week}_{audience}_{language}.{ending}"
        if name not in kept:
            missing.append(ending)
            continue
        try:
            shelf.is_final(folder, name)
        except AlteredPack as altered:
            st.error(formats.markdown(str(altered)), icon=":material/gpp_bad:")
            continue
        path = folder / name
        st.download_button(
            title, data=path.read_bytes, file_name=name, mime=mime, icon=":material/download:", on_click="ignore",
            key=f"pack_{name}", help=_("Download {format}").format(format=title),
        )  # fmt: skip
    return missing


def _made(week: str, audience: str, language: str, endings: list[str]) -> command.Answer:
    arguments = ["pack", "--week", week, "--language", language.replace("-", "_"), "--format", ",".join(endings)]
    if audience != EVERYBODY:
        arguments += ["--audience", audience]
    return command.run(*arguments, asking="--report")
