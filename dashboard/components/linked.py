"""Light HTML of our own whose links lead to pages: a table of fifty rows is one element and not three hundred.

Whoever writes the HTML escapes what is the company's own. Colours and fonts are the theme's.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from functools import lru_cache
from hashlib import sha256
from html import escape
from pathlib import Path
from urllib.parse import urlencode

from streamlit.components.v2 import component

from dashboard import state

ASSETS = Path(__file__).parents[1] / "assets"


@lru_cache(maxsize=1)
def _component() -> Callable[..., object]:
    return component(
        "retaguarda_linked",
        html='<div class="body"></div>',
        css=(ASSETS / "linked.css").read_text(encoding="utf-8"),
        js=(ASSETS / "linked.js").read_text(encoding="utf-8"),
    )


def link(
    page: str, text: str, changes: Mapping[str, str] | None = None, *, name: str = "", drops: Collection[str] = ()
) -> str:
    """A link to a page with the reader's filters; `text` is shown as it is written, `name` is its CSS class.

    `changes` are laid over the filters, `drops` are left out of them.
    """
    wish = urlencode({key: value for key, value in state.link(changes).items() if key not in drops})
    address = page + (f"?{wish}" if wish else "")
    kind = f' class="{name}"' if name else ""
    return f'<a href="{escape(address)}"{kind}>{escape(text)}</a>'


def sign(page: str, icon: str, label: str, changes: Mapping[str, str] | None = None, *, title: str = "") -> str:
    """A link that is an icon (its name in Streamlit's font of icons); `label` is read aloud, `title` shown on hovering."""
    mark = f'<span class="icon" aria-hidden="true" data-icon="{escape(icon)}"></span>'
    wish = urlencode(state.link(changes))
    return (
        f'<a href="{escape(page)}?{escape(wish)}" class="sign" aria-label="{escape(label)}" title="{escape(title or label)}">'
        f"{mark}</a>"
    )


def linked(html: str, key: str) -> None:
    """Draw the HTML; a click on one of its links opens that page."""
    revision = sha256(html.encode()).hexdigest()[:16]
    _component()(key=f"linked_{key}", data={"html": html, "revision": revision})
