"""The glossary as a page: the words of the board with their signs."""

from __future__ import annotations

import streamlit as st

from dashboard import formats
from dashboard.components import signals
from dashboard.glossary import Term, sections


def glossary() -> None:
    """Each term in two sentences, below its heading."""
    for title, terms in sections().items():
        st.header(title, anchor=False)
        with st.container(gap="small"):
            for term, word, meaning in terms:
                st.markdown(f"{sign(term)}**{formats.markdown(word)}**  \n{formats.markdown(meaning)}")


def sign(term: Term) -> str:
    """The icon or the shape that stands for a term elsewhere; empty where it has none."""
    if term.direction:
        return signals.direction_mark(term.direction) + " "
    if term.assurance:
        icon, colour = signals.ASSURANCE_MARKS[term.assurance]
        return f":{colour}[{icon}] "
    return f":gray[{signals.STATE_MARKS[term.state]}] " if term.state else ""
