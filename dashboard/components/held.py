"""Full exports that were held because they lack many rows: why, and a button to load them all the same."""

from __future__ import annotations

import streamlit as st

from dashboard import command, formats, uploads
from dashboard.components import load_report
from dashboard.language import _
from dashboard.published import data_folder

REASON_SUFFIX = ".reason.txt"


def held_files() -> list[tuple[str, str]]:
    """Name and reason of each file that waits to be confirmed."""
    folder = data_folder() / "held"
    found = []
    for path in sorted(folder.rglob("*")) if folder.is_dir() else []:
        if path.is_file() and not path.name.endswith(REASON_SUFFIX) and not path.name.startswith("."):
            reason = path.with_name(path.name + REASON_SUFFIX)
            found.append((path.name, reason.read_text(encoding="utf-8").strip() if reason.is_file() else ""))
    return found


def notice() -> None:
    """One box a held file; nothing where there is none."""
    for name, reason in held_files():
        st.warning(f"**{formats.markdown(name)}**  \n{formats.markdown(reason)}", icon=":material/pause_circle:")
        if not uploads.are_enabled():
            st.code(f'retaguarda load --confirm "{name}"', language=None)
        elif st.button(_("Load {file} all the same").format(file=name), key=f"confirm_{name}", icon=":material/check:"):
            with st.spinner(_("Loading …")):
                answer = command.run("load", "--confirm", name)
            if answer.is_done:
                load_report.report(answer.content["files"])
            else:
                st.error(formats.markdown(answer.message), icon=":material/block:")
