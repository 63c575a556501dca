"""The SQL editor: a text area with colours and completion, a small component of our own.

No package was fit: those that exist fetch fonts or their whole editor from other people's servers, and have not been
kept up for years. This one has no dependency and fetches nothing.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache
from pathlib import Path

from streamlit.components.v2 import component

from dashboard.language import _

ASSETS = Path(__file__).parents[1] / "assets"
HTML = """
<div class="editor">
  <pre aria-hidden="true"></pre>
  <textarea spellcheck="false" autocapitalize="off" autocomplete="off" autocorrect="off" wrap="off"></textarea>
  <ul role="listbox" hidden></ul>
</div>
"""

Schema = dict[str, list[list[str]]]


@lru_cache(maxsize=1)
def _component() -> Callable[..., object]:
    return component(
        "retaguarda_sql_editor",
        html=HTML,
        css=(ASSETS / "sql_editor.css").read_text(encoding="utf-8"),
        js=(ASSETS / "sql_editor.js").read_text(encoding="utf-8"),
    )


def sql_editor(text: str, revision: str, schema: Schema) -> tuple[str, bool]:
    """Draw the editor; what is written in it, and whether the reader has just pressed Ctrl+Enter.

    `text` is put into it whenever `revision` changes. `schema` is table → [column, type] for completion.
    """
    data = {
        "text": text,
        "revision": revision,
        "schema": schema,
        "label": _("SQL statement"),
        "placeholder": _("A question in SQL (Ctrl+Space completes, Ctrl+Enter runs)"),
    }
    drawn = _component()(
        key=f"sql_editor_{revision}", data=data, default={"text": text}, on_text_change=_nothing, on_run_change=_nothing
    )
    written = getattr(drawn, "text", None)
    asked = getattr(drawn, "run", None)
    if asked is not None:
        return str(asked), True
    return (text if written is None else str(written)), False


def _nothing() -> None:
    """A component reports only what somebody listens to."""
