"""How every page is printed (Ctrl+P): its content on white paper, with its address below, and no chart cut."""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache
from pathlib import Path

import streamlit as st
from streamlit.components.v2 import component

ASSETS = Path(__file__).parents[1] / "assets"


@lru_cache(maxsize=1)
def _component() -> Callable[..., object]:
    return component(
        "retaguarda_paper",
        html='<span class="paper"></span>',
        css=(ASSETS / "print.css").read_text(encoding="utf-8"),
        js=(ASSETS / "print.js").read_text(encoding="utf-8"),
        # Rules for paper are for the whole page, not for a part of it; on a screen they do nothing.
        isolate_styles=False,
    )


def print_style() -> None:
    """Add the rules for paper to the page, before its content: it may be printed while that is still being drawn."""
    with st.sidebar:
        _component()(key="paper")
