"""The proposal for an unknown export as a form: which column each header is, and what is left to be said."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import polars as pl
import streamlit as st

from dashboard import formats
from dashboard.language import N_, _, active

NOT_LOADED = "-"  # as the command line writes it
TYPES = {
    "date": N_("{share} of the values are dates"),
    "timestamp": N_("{share} of the values are dates and times"),
    "money": N_("{share} of the values are amounts"),
    "number": N_("{share} of the values are numbers"),
    "precise": N_("{share} of the values are numbers"),
    "integer": N_("{share} of the values are whole numbers"),
    "boolean": N_("{share} of the values are yes or no"),
}
QUESTIONS = {
    "date_format": N_("Which comes first in the dates, the day or the month?"),
    "timestamp_format": N_("Which comes first in the dates, the day or the month?"),
    "decimal": N_("Which is the decimal mark?"),
}
OPTIONS = {"date_format": "--date-format", "timestamp_format": "--timestamp-format", "decimal": "--decimal"}


def form(base: Mapping[str, Any], shown: Mapping[str, Any], key: str) -> list[str] | None:
    """The form; the arguments for `retaguarda map` when it is submitted, else None.

    `base` is the first proposal for the table, `shown` the one with what was said so far.
    """
    with st.form(f"mapping_{key}", border=False):
        columns = _columns(base, shown, key)
        answers = _questions(base, key)
        constants = _missing(base, shown, key)
        words = _words(base, key)
        submitted = st.form_submit_button(_("Update the preview"), icon=":material/refresh:")
    return _arguments(base, columns, answers, constants, words) if submitted else None


def _label(column: Mapping[str, Any]) -> str:
    return str(column["label"][active()])


def _columns(base: Mapping[str, Any], shown: Mapping[str, Any], key: str) -> dict[str, str]:
    """Header → chosen column (`-` is not loaded), as the reader has it now."""
    labels = {
        column["column"]: f"{_label(column)}{' *' if column['is_required'] else ''}" for column in base["known_columns"]
    }
    left_out = _("(not loaded)")  # tables ask for their words in another thread
    matched = {column["header"]: column for column in shown["columns"]}
    headers = [*(column["header"] for column in shown["columns"]), *shown["unmapped"]]
    frame = pl.DataFrame(
        {
            "header": headers,
            "column": [matched[header]["column"] if header in matched else NOT_LOADED for header in headers],
            "confidence": [formats.percent(matched[header]["confidence"], 0) if header in matched else "" for header in headers],
            "why": [_why(matched[header]) if header in matched else _("no column is like it") for header in headers],
            "examples": [", ".join(matched[header]["examples"]) if header in matched else "" for header in headers],
        }
    )  # fmt: skip
    st.caption(_("Each line is a column of the file. What is marked * must be filled."))
    edited = st.data_editor(
        frame,
        key=f"mapping_columns_{key}",
        hide_index=True,
        num_rows="fixed",
        disabled=("header", "confidence", "why", "examples"),
        column_config={
            "header": st.column_config.TextColumn(_("In the file"), pinned=True),
            "column": st.column_config.SelectboxColumn(
                _("Is loaded as"),
                options=[NOT_LOADED, *labels],
                format_func=lambda name: labels.get(name, left_out),
                required=True,
                width="medium",
            ),
            "confidence": st.column_config.TextColumn(_("Sure"), alignment="right"),
            "why": st.column_config.TextColumn(_("Why")),
            "examples": st.column_config.TextColumn(_("Examples")),
        },
        alt=_("Columns of the file and what each is loaded as"),
    )
    return {row["header"]: row["column"] for row in edited.iter_rows(named=True)}


def _why(column: Mapping[str, Any]) -> str:
    if column["basis"] != "found":
        return _("your choice") if column["basis"] == "chosen" else _("known format")
    if column["name_share"] == 1:
        text = _("the name is known")
    elif column["name_share"] >= 0.4:
        text = _("the name is like “{name}”").format(name=column["name"])
    else:
        text = _("by its values")
    if column["type"] in TYPES and column["values_share"]:
        text += ", " + _(TYPES[column["type"]]).format(share=formats.percent(column["values_share"], 0))
    return text


def _questions(base: Mapping[str, Any], key: str) -> dict[str, str]:
    answers: dict[str, str] = {}
    for question in base["questions"]:
        st.markdown(f":material/help: **{_(QUESTIONS[question['what']])}**")
        st.caption(
            _("The values of {headers} do not decide it.").format(
                headers=formats.markdown(", ".join(f"“{header}”" for header in question["headers"]))
            )
        )
        answer = st.radio(
            _(QUESTIONS[question["what"]]), question["choices"], index=None, horizontal=True,
            key=f"mapping_{question['what']}_{key}", label_visibility="collapsed", format_func=_format_words,
        )  # fmt: skip
        if answer:
            answers[question["what"]] = answer
    return answers


def _format_words(choice: str) -> str:
    return choice.replace("yyyy", "aaaa").replace("yy", "aa") if active() == "pt_BR" and "yy" in choice else choice


def _missing(base: Mapping[str, Any], shown: Mapping[str, Any], key: str) -> dict[str, str]:
    """Texts, the same in every row, for required columns that the file does not have."""
    constants: dict[str, str] = {}
    if base["missing"]:
        st.caption(_("Required, and not in the file: the same in every row."))
    with st.container(horizontal=True, gap="medium"):
        for column in base["missing"]:
            label = f"{_label(column)} *"
            name = f"mapping_set_{column['column']}_{key}"
            if column["allowed"]:
                text = st.selectbox(label, ["", *column["allowed"]], key=name, width=260)
            else:
                text = st.text_input(
                    label, key=name, width=260, placeholder=_("e.g. {example}").format(example=_example(column, shown))
                )
            if text:
                constants[column["column"]] = text.strip()
    return constants


def _example(column: Mapping[str, Any], shown: Mapping[str, Any]) -> str:
    if column["type"] == "date":
        return _format_words(shown["dialect"]["date_format"])
    return {"company": "01", "integer": "1", "boolean": "sim"}.get(
        column["column"], {"integer": "1", "boolean": "sim"}.get(column["type"], "MTZ")
    )


def _words(base: Mapping[str, Any], key: str) -> dict[str, dict[str, str]]:
    """Per column, what words of the file mean that the contract does not know."""
    said: dict[str, dict[str, str]] = {}
    allowed = {column["column"]: column for column in base["known_columns"]}
    for column, words in base["unknown_words"].items():
        st.caption(_("What the words of {column} mean").format(column=f"“{formats.markdown(_label(allowed[column]))}”"))
        edited = st.data_editor(
            pl.DataFrame({"word": words, "meaning": [""] * len(words)}),
            key=f"mapping_words_{column}_{key}", hide_index=True, num_rows="fixed", disabled=("word",), width=420,
            column_config={
                "word": st.column_config.TextColumn(_("In the file")),
                "meaning": st.column_config.SelectboxColumn(_("Is loaded as"), options=["", *allowed[column]["allowed"]]),
            },
            placeholder="…",
            alt=_("Words of the file and what each means"),
        )  # fmt: skip
        said[column] = {row["word"]: row["meaning"] for row in edited.iter_rows(named=True) if row["meaning"]}
    return said


def _arguments(
    base: Mapping[str, Any],
    columns: Mapping[str, str],
    answers: Mapping[str, str],
    constants: Mapping[str, str],
    words: Mapping[str, Mapping[str, str]],
) -> list[str]:
    """What differs from the first proposal, as options of the command line."""
    proposed = {column["header"]: column["column"] for column in base["columns"]}
    arguments: list[str] = []
    for header, column in columns.items():
        if header and column != proposed.get(header, NOT_LOADED):
            arguments += ["--column", f"{header}={column}"]
    for what, answer in answers.items():
        arguments += [OPTIONS[what], answer]
    for column, text in constants.items():
        arguments += ["--set", f"{column}={text}"]
    for column, meanings in words.items():
        for word, meaning in meanings.items():
            arguments += ["--value", f"{column}:{word}={meaning}"]
    return arguments
