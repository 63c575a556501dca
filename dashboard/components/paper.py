"""What the browser is told of every page: its language, how focus is shown, and how it is printed (Ctrl+P): its content
on white paper, with its address below, and no chart cut.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache
from pathlib import Path

import streamlit as st
from streamlit.components.v2 import component

from dashboard.language import active, tag

ASSETS = Path(__file__).parents[1] / "assets"


@lru_cache(maxsize=1)
def _component() -> Callable[..., object]:
    return component(
        "retaguarda_paper",
        html='<span class="paper"></span>',
        css="".join((ASSETS / name).read_text(encoding="utf-8") for name in ("focus.css", "print.css")),
        js=(ASSETS / "print.js").read_text(encoding="utf-8"),
        # These rules are for the whole page, not for a part of it.
        isolate_styles=False,
    )


def print_style() -> None:
    """Add the rules for paper to the page, before its content: it may be printed while that is still being drawn."""
    with st.sidebar:
        _component()(key="paper", data={"language": tag(active())})
