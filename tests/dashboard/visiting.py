"""Visits to a page, run as Streamlit runs it, and what the reader then sees."""

from __future__ import annotations

import json
import os
from datetime import date
from pathlib import Path
from typing import Any
from unittest.mock import patch

from lxml.html import fromstring
from streamlit.testing.v1 import AppTest

from dashboard import language
from dashboard.published import Publication

APP = Path(__file__).parents[2] / "dashboard" / "app.py"
AS_OF = date(2026, 11, 20)
CHARTS = {
    "receivables": 4, "fiscal": 4, "people": 4, "it": 3, "legal": 4, "procurement": 4, "facilities": 4,
    "payables": 2, "customers": 2, "strategy": 1, "investments": 1, "accounting": 2, "support": 2, "stock": 2,
    "logistics": 2, "commercial": 2,
}  # fmt: skip
AREAS = ("customers", "strategy", "investments", "payables", "accounting", "support")


def visit(data: Path, page: str, **parameters: str) -> AppTest:
    """Open a page with URL parameters on a data folder; the run must not have raised.

    Activates the page's language for the caller too: AppTest asks the format functions of select boxes from outside.
    """
    language.activate(language.choose(parameters.get("lang", "pt-BR"), None))
    app = AppTest.from_file(APP, default_timeout=60)
    for name, value in {"lang": "pt-BR", **parameters}.items():
        app.query_params[name] = value
    with patch.dict(os.environ, {"RETAGUARDA_DATA": str(data)}):
        if page != "overview":
            app.switch_page(f"app_pages/{page}.py")
        app.run()
    assert not app.exception, (page, parameters, [problem.value for problem in app.exception])
    return app


def texts(app: AppTest) -> list[str]:
    """What the page itself says, without the menu: its Markdown, then the lines of our own tables and lists."""
    return [*markdowns(app), *lines(app)]


def markdowns(app: AppTest) -> list[str]:
    """The Markdown of the page itself, as it is written."""
    main = app.main
    elements = [*main.title, *main.header, *main.markdown, *main.caption, *main.warning, *main.info]
    return [str(element.value) for element in elements]


def lines(app: AppTest) -> list[str]:
    """The rows and sentences of our own tables and lists, each as one text."""
    return [
        piece.text_content()
        for html in tables(app)
        for piece in fromstring(f"<div>{html}</div>").iter("li", "tr", "summary", "nav", "h3", "p", "a")
    ]


def tables(app: AppTest) -> list[str]:
    """The HTML of our own on the page."""
    drawn = [element.proto for element in app.get("bidi_component")]
    return [json.loads(one.json)["html"] for one in drawn if one.component_name == "retaguarda_linked"]


def figures(app: AppTest) -> list[dict]:
    """The charts, as the browser gets them."""
    return [json.loads(chart.proto.spec) for chart in app.get("plotly_chart")]


def drawn(app: AppTest) -> dict[str, dict[str, Any]]:
    """The charts of a page by their key."""
    found = {}
    for chart in app.get("plotly_chart"):
        found[chart.proto.id.rsplit("-", 1)[-1]] = json.loads(chart.proto.spec)
    return found


def one(publication: Publication, sql: str, *parameters: object) -> Any:
    """The only value of a query; zero for none."""
    return publication.fetch(sql, parameters).item() or 0


def plain(text: str) -> str:
    """Markdown as it is read: without the escapes that `formats.markdown` puts."""
    return text.replace("\\", "")
