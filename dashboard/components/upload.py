"""Upload on the data page: a file, its proposal, what would become of it, and the load."""

from __future__ import annotations

from typing import Any

import polars as pl
import streamlit as st

from dashboard import command, formats, state, uploads
from dashboard.components import load_report, mapping_form
from dashboard.components.tables import draw
from dashboard.language import _, active
from dashboard.uploads import Upload

DONE = "upload_done"  # the report of the last load, until another file is chosen
SAID = "upload_said"  # what the reader said of the file: arguments of `retaguarda map`


def view() -> None:
    """The view; without uploads it says how to turn them on and how to load files without them."""
    if not uploads.are_enabled():
        st.info(
            _(
                "Uploads are off. `retaguarda serve --uploads` turns them on; without them, put files into the folder "
                "`{folder}` and run `retaguarda refresh`."
            ).format(folder="data/inbox"),
            icon=":material/info:",
        )
        return
    if DONE in st.session_state:
        _done(st.session_state[DONE])
        return
    upload = uploads.find(state.read("upload"))
    if upload is None:
        _choose()
    else:
        _propose(upload)


def _choose() -> None:
    st.caption(
        _(
            "Any export: CSV, Excel, OpenDocument, JSON, Parquet, OFX, CNAB, XML of invoices, SPED, also zipped. Nothing is "
            "loaded before you have seen what would become of it."
        )
    )
    chosen = st.file_uploader(
        _("File to load"), max_upload_size=uploads.largest_megabytes(), key="upload_file", label_visibility="collapsed"
    )
    if chosen is None:
        return
    try:
        upload = uploads.keep(chosen.name, chosen)
    except OSError as error:
        st.error(_("The file could not be kept: {reason}").format(reason=formats.markdown(str(error))))
        return
    st.session_state.pop(SAID, None)
    state.write("upload", upload.token)
    st.rerun()


def _propose(upload: Upload) -> None:
    with st.container(horizontal=True, vertical_alignment="center", gap="medium"):
        st.header(formats.markdown(upload.path.name), anchor=False, width="stretch")
        st.button(_("Another file"), icon=":material/close:", type="tertiary", on_click=_dismiss, args=(upload,))
    table = state.read("table")
    chosen = ("--as", table) if table else ()
    base = _asked(upload, chosen)
    if not base.is_done:
        st.warning(formats.markdown(base.message), icon=":material/info:")
        _load_button(upload, ())
        return
    content = base.content
    if content["known"]:
        st.success(_("This file is known: it loads without a new mapping."), icon=":material/check:")
        st.caption(formats.markdown(content["known"]["message"]))
        _load_button(upload, ())
        with st.expander(_("Map its columns another way")):
            _mapping(upload, content, chosen)
        return
    _mapping(upload, content, chosen)


def _mapping(upload: Upload, base: dict[str, Any], chosen: tuple[str, ...]) -> None:
    """Table, form, preview and what can be done then."""
    _table(base)
    said: dict[str, list[str]] = st.session_state.setdefault(SAID, {})
    key = f"{upload.token}_{base['table']}"
    arguments = said.get(key, [])
    of_table = () if base["preset"] else ("--as", base["table"])
    preset = ("--preset", base["preset"]) if base["preset"] else ()
    answer = _asked(upload, (*of_table, *preset, *arguments)) if arguments else command.Answer(0, base, "")
    if not answer.is_done:
        st.error(formats.markdown(answer.message))
        answer = command.Answer(0, base, "")
    submitted = mapping_form.form(base, answer.content, key)
    if submitted is not None:
        said[key] = submitted
        st.rerun()
    shown = answer.content
    _preview(shown)
    open_points = [*(each["what"] for each in shown["questions"]), *(each["column"] for each in shown["missing"])]
    if open_points:
        st.info(_("Answer what is open above, and update the preview."), icon=":material/edit:")
        return
    _write_and_load(upload, shown, (*of_table, *preset, *arguments))


def _table(base: dict[str, Any]) -> None:
    labels = {each["table"]: each["label"][active()] for each in base["all_tables"]}
    ordered = sorted(labels, key=lambda name: labels[name])
    if base["preset"]:
        st.markdown(
            _("Known format: {format}").format(format=f"**{formats.markdown(base['preset_label'][active()])}**")
        )
    if not base["is_table_certain"]:
        others = ", ".join(labels.get(each["table"], each["table"]) for each in base["tables"][:3])
        st.caption(
            ":material/help: " + _("It may be one of several: {tables}.").format(tables=formats.markdown(others))
        )
    # The proposed table stands in the address only once it was chosen, so that a reload proposes again.
    state.select(
        "table", _("What the file holds"), ordered, default=base["table"], words=lambda name: labels[name], width=360
    )


def _preview(shown: dict[str, Any]) -> None:
    preview = shown["preview"]
    st.header(_("What would become of it"), anchor=False)
    if preview["state"] == "rejected":
        st.error(formats.markdown(f"{preview['message']} {preview['remedy']}"), icon=":material/block:")
        return
    if not preview["is_whole"]:
        st.caption(_("The first lines of a large file."))
    labels = {column["column"]: column["label"][active()] for column in shown["known_columns"]}
    for table in preview["tables"]:
        load_report.conservation(table, labels)
    frame = pl.DataFrame(preview["rows"], schema=dict.fromkeys(preview["columns"], pl.String), orient="row")
    frame = _typed(frame, {column["column"]: column["type"] for column in shown["known_columns"]})
    names = [labels[name] for name in frame.columns]
    # Two columns of a table may have the same word; a table shows each name once.
    frame.columns = [
        name if names.count(name) == 1 else f"{name} ({column})"
        for name, column in zip(names, frame.columns, strict=True)
    ]
    if frame.height:
        draw(frame, _("First rows as they would be loaded; personal data is masked"))
    load_report.problems(preview["problems"], _("Rows that would be held back, with the reason"))


def _typed(frame: pl.DataFrame, types: dict[str, str]) -> pl.DataFrame:
    """The rows with dates and numbers as such, so that they show in the reader's format; masked values stay text."""
    columns = []
    for name in frame.columns:
        text = frame[name]
        match types[name]:
            case "date":
                typed = text.str.to_date("%Y-%m-%d", strict=False)
            case "timestamp":
                typed = text.str.to_datetime("%Y-%m-%d %H:%M:%S%.f", strict=False)
            case "money" | "number" | "precise":
                typed = text.cast(pl.Float64, strict=False)
            case _:
                continue
        if typed.null_count() == text.null_count():
            columns.append(typed)
    return frame.with_columns(columns)


def _write_and_load(upload: Upload, shown: dict[str, Any], arguments: tuple[str, ...]) -> None:
    with st.container(horizontal=True, vertical_alignment="bottom", gap="medium"):
        name = st.text_input(
            _("Name of the mapping"), value=_usual_name(upload, shown), width=300,
            help=_("Files of this name pattern are read by it from now on."),
        )  # fmt: skip
        overwrite = st.checkbox(_("Overwrite one of that name"))
        pressed = st.button(_("Keep the mapping and load"), icon=":material/upload:")
    with st.expander(_("The mapping file")):
        st.code(shown["mapping"], language="yaml")
    if not pressed:
        return
    options = ["--yes", "--no-preview", "--name", name, *(["--force"] if overwrite else [])]
    with st.spinner(_("Loading …")):
        written = command.run("map", str(upload.path), *arguments, *options)
    if not written.is_done:
        st.error(formats.markdown(written.message), icon=":material/block:")
        return
    _load(upload, ("--map", written.content["written"]))


def _usual_name(upload: Upload, shown: dict[str, Any]) -> str:
    stem = "".join(mark if mark.isalnum() else "_" for mark in upload.path.stem.lower())
    return "_".join(part for part in stem.split("_") if part and not part.isdigit()) or shown["table"].partition(".")[2]


def _load_button(upload: Upload, options: tuple[str, ...]) -> None:
    if st.button(_("Load it as it is"), icon=":material/upload:"):
        _load(upload, options)


def _load(upload: Upload, options: tuple[str, ...]) -> None:
    """Move the file into the inbox and load it from there; a refusal leaves it there for the next refresh."""
    place = uploads.take_in(upload)
    with st.spinner(_("Loading …")):
        answer = command.run("load", str(place.resolve()), *options)
    state.write("upload", "")
    state.write("table", "")
    st.session_state[DONE] = {"name": place.name, "answer": answer}
    st.rerun()


def _done(done: dict[str, Any]) -> None:
    """The report of the load, and what can be done next."""
    answer: command.Answer = done["answer"]
    with st.container(horizontal=True, vertical_alignment="center", gap="medium"):
        st.header(formats.markdown(done["name"]), anchor=False, width="stretch")
        st.button(_("Another file"), icon=":material/add:", type="tertiary", on_click=_forget_done)
    if not answer.is_done:
        st.error(formats.markdown(answer.message), icon=":material/block:")
        return
    load_report.report(answer.content["files"])
    states = {file["state"] for file in answer.content["files"]}
    if "held" in states and st.button(_("Load it all the same"), icon=":material/check:"):
        with st.spinner(_("Loading …")):
            confirmed = command.run("load", str((uploads.inbox() / done["name"]).resolve()), "--confirm")
        st.session_state[DONE] = {**done, "answer": confirmed}
        st.rerun()
    if states & {"loaded", "unchanged"}:
        st.caption(_("The rows are loaded. The indicators show them after the next refresh."))
        refresh_button()


def refresh_button() -> None:
    """Refresh and publish now; minutes, during which everything can be used as it is."""
    if not st.button(_("Refresh the indicators now"), icon=":material/sync:"):
        return
    with st.spinner(_("Building, testing and publishing; this takes minutes …"), show_time=True):
        answer = command.run("refresh", seconds=command.REFRESH_SECONDS)
    if answer.is_done:
        st.success(_("Published. The pages show it now."), icon=":material/check:")
    else:
        st.error(formats.markdown(answer.message), icon=":material/block:")


def _asked(upload: Upload, arguments: tuple[str, ...]) -> command.Answer:
    """The proposal under some choices; asked once, for the file does not change."""
    known: dict[tuple[str, ...], command.Answer] = st.session_state.setdefault("upload_answers", {})
    key = (upload.token, *arguments)
    if key not in known:
        with st.spinner(_("Reading the file …")):
            known[key] = command.run("map", str(upload.path.resolve()), *arguments)
    return known[key]


def _dismiss(upload: Upload) -> None:
    uploads.dismiss(upload)
    state.write("upload", "")
    state.write("table", "")


def _forget_done() -> None:
    st.session_state.pop(DONE, None)
