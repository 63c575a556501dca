"""Codes of the data page in words."""

from __future__ import annotations

from collections.abc import Mapping

import polars as pl

from dashboard.language import N_, _

STATES = {
    "fresh": N_("fresh"),
    "stale": N_("stale"),
    "never": N_("never loaded"),
    "loaded": N_("loaded"),
    "unchanged": N_("unchanged"),
    "rejected": N_("rejected"),
    "held": N_("held"),
    "pass": N_("passed"),
    "warn": N_("warning"),
    "fail": N_("failed"),
    "error": N_("error"),
}
PERSONAL = {
    "": "",
    "none": "–",
    "personal": N_("personal"),
    "restricted": N_("restricted"),
}


def worded(frame: pl.DataFrame, columns: Mapping[str, Mapping[str, str]]) -> pl.DataFrame:
    """The frame with the codes of some columns in the reader's words; a code without a word stays."""
    return frame.with_columns(
        pl.col(name).replace({code: _(word) for code, word in words.items()}) for name, words in columns.items()
    )
