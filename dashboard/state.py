"""What the reader is looking at, kept in the URL: reload, back button and a shared link give the same view.

The URL is the only truth. A widget is seeded from it at every run and writes to it when it changes, so that nothing
precious is in the session. Values in the URL are codes (`unit=SUL`), not the words of one language.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from hashlib import sha256
from typing import Any, Literal

import streamlit as st

from dashboard.language import LANGUAGES, choose, tag

LabelVisibility = Literal["visible", "hidden", "collapsed"]
WidthWithoutContent = int | Literal["stretch"]

ALL = "all"
GRAINS = ("week", "month", "quarter")
CARRIED = ("lang", "unit", "grain")  # what a link to another page takes along


def read(name: str, options: Sequence[str] | None = None, default: str = "") -> str:
    """The value of a URL parameter; the default when it is missing or not one of the options."""
    value = st.query_params.get(name, default)
    return value if options is None or value in options else default


def write(name: str, value: str, default: str = "") -> None:
    """Put a value into the URL; the default leaves the URL clean."""
    if value == default:
        st.query_params.pop(name, None)
    else:
        st.query_params[name] = value


def language() -> str:
    """The reader's language: `?lang=`, else the browser's."""
    return choose(st.query_params.get("lang"), st.context.locale)


def set_language(code: str) -> None:
    """Choose a language for this reader, whatever the browser says."""
    if code in LANGUAGES:
        st.query_params["lang"] = tag(code)


def unit() -> str:
    """The business unit in the URL, or ALL. Pages check it against the units that exist."""
    return st.query_params.get("unit", ALL)


def scope() -> tuple[str, str]:
    """The (dimension, member) that the unit filter means."""
    chosen = unit()
    return ("total", "total") if chosen == ALL else ("business_unit", chosen)


def link(changes: Mapping[str, str] | None = None) -> dict[str, str]:
    """Query parameters of a link to another page: language, unit and grain are carried, `changes` laid over."""
    known = st.query_params.to_dict()
    return {**{name: known[name] for name in CARRIED if name in known}, **(changes or {})}


KNOWN_KEY = "session_is_known"


def know_session() -> None:
    """To be called when a page has been drawn: from now on every change of a widget calls `_changed`."""
    st.session_state[KNOWN_KEY] = True


def _seed(name: str, value: str, first_value: str, first: object) -> dict[str, Any]:
    """Key and value of a widget, from the URL.

    In the first run of a session the value is only what the widget begins with, given as the argument `first_value`:
    after a new start of the server the browser brings along what was chosen meanwhile, and no callback tells of it.
    """
    key = f"url_{name}"
    if KNOWN_KEY not in st.session_state:
        return {"key": key, first_value: first}
    st.session_state[key] = value
    return {"key": key}


def _adopt(name: str, chosen: str | None, value: str, default: str, clears: Sequence[str]) -> None:
    """Put into the URL what the browser brought along to a new session."""
    if chosen is None or chosen == value or KNOWN_KEY in st.session_state:
        return
    _changed(name, default, clears)
    st.rerun()


def _changed(name: str, default: str, clears: Sequence[str]) -> None:
    chosen = st.session_state[f"url_{name}"]
    write(name, default if chosen is None else chosen, default)
    for other in clears:
        st.query_params.pop(other, None)


def select(
    name: str,
    label: str,
    options: Sequence[str],
    *,
    default: str | None = None,
    words: Callable[[str], str] = str,
    clears: Sequence[str] = (),
    width: WidthWithoutContent = "stretch",
    label_visibility: LabelVisibility = "visible",
) -> str:
    """A select box bound to a URL parameter. `clears` names parameters that a change makes meaningless."""
    first = options[0] if default is None else default
    value = read(name, options, first)
    chosen = st.selectbox(
        label,
        options,
        format_func=words,
        on_change=_changed,
        args=(name, first, tuple(clears)),
        width=width,
        label_visibility=label_visibility,
        **_seed(name, value, "index", options.index(value) if value in options else 0),
    )
    _adopt(name, chosen, value, first, clears)
    return value


def segments(
    name: str,
    label: str,
    options: Sequence[str],
    *,
    default: str | None = None,
    words: Callable[[str], str] = str,
    clears: Sequence[str] = (),
    label_visibility: LabelVisibility = "visible",
) -> str:
    """A segmented control bound to a URL parameter; one is always chosen."""
    first = options[0] if default is None else default
    value = read(name, options, first)
    chosen = st.segmented_control(
        label,
        options,
        required=True,
        format_func=words,
        on_change=_changed,
        args=(name, first, tuple(clears)),
        label_visibility=label_visibility,
        **_seed(name, value, "default", value),
    )
    _adopt(name, chosen, value, first, clears)
    return value


def text(name: str, label: str, *, width: WidthWithoutContent = "stretch", longest: int = 200) -> str:
    """A text field bound to a URL parameter; without blanks at its ends."""
    value = read(name)[:longest].strip()
    written = st.text_input(
        label, on_change=_changed, args=(name, "", ()), max_chars=longest, width=width,
        **_seed(name, value, "value", value),
    )  # fmt: skip
    _adopt(name, written, value, "", ())
    return value


READER_COOKIE = "retaguarda_reader"
NAME_KEY = "reader_name"


def reader() -> str:
    """Who reads, as a key for what is their own: the account that is signed in, else this browser. "" for nobody."""
    account = _account("email")
    cookie = st.context.cookies.get(READER_COOKIE)
    known = f"account:{account}" if account else cookie
    # Without a browser (in tests of a page) there is neither.
    return sha256(known.encode()).hexdigest() if isinstance(known, str) else ""


def reader_name() -> str:
    """The name under which this reader writes: of the account, else the one given last in this visit."""
    return _account("name") or _account("email") or st.session_state.get(NAME_KEY, "")


def remember_name(name: str) -> None:
    """Offer this name again when the reader writes the next time."""
    st.session_state[NAME_KEY] = name.strip()


def _account(claim: str) -> str:
    return str(st.user.get(claim) or "") if st.user.get("is_logged_in") else ""
