"""Which members of a dimension to compare, kept in the URL as codes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import streamlit as st

from dashboard import vocabulary
from dashboard.language import _

SEPARATOR = "|"
KEY = "explore_members"


def members_choice(members: Sequence[str], labels: Mapping[str, str]) -> tuple[str, ...]:
    """The members that the reader picked; none means all."""
    wanted = st.query_params.get("members", "").split(SEPARATOR)
    chosen = [code for code in wanted if code in members]
    st.session_state[KEY] = chosen
    st.multiselect(
        _("Compare"),
        members,
        key=KEY,
        format_func=lambda code: vocabulary.member(code, dict(labels)),
        placeholder=_("All; choose some to compare them"),
        on_change=_changed,
    )
    return tuple(chosen)


def _changed() -> None:
    chosen = st.session_state[KEY]
    if chosen:
        st.query_params["members"] = SEPARATOR.join(chosen)
    else:
        st.query_params.pop("members", None)
