"""The dashboard as an ASGI application: `uvicorn dashboard.asgi:app`.

What pages use is imported here, once, before the first visit: twenty-five first visits at once to a fresh process
would otherwise meet half-imported modules.
"""

from __future__ import annotations

# isort: off
import pandas  # noqa: F401 - see above
import pyarrow  # noqa: F401
import polars  # noqa: F401
import duckdb  # noqa: F401
import plotly.graph_objects  # noqa: F401
import babel.dates  # noqa: F401
# isort: on

import gc
from pathlib import Path

import streamlit as st
from starlette.middleware import Middleware
from starlette.middleware.gzip import GZipMiddleware
from starlette.requests import Request
from starlette.responses import JSONResponse, RedirectResponse
from starlette.routing import Route

from dashboard import published, state
from dashboard.components import area, breakdown, changes, distribution, headline, menu, records, scorecard, upload, why  # noqa: F401 - see above
from dashboard.navigation import ENTRIES
from dashboard.queries.publication import stamp
from dashboard.reader_cookie import ReaderCookie
from dashboard.static_files import EarlyScripts, MemoryFiles


def health(request: Request) -> JSONResponse:
    """Which publication is served; 503 with the reason when there is none."""
    try:
        shown = stamp(published.current())
    except published.NothingPublished as nothing:
        return JSONResponse({"status": "empty", "message": str(nothing)}, status_code=503)
    content = {
        "status": "ok",
        "publication_id": shown.publication_id,
        "as_of": shown.as_of.isoformat(),
        "published_at": shown.published_at.isoformat(),
        "last_build": published.last_build().state,
    }
    return JSONResponse(content)


def first_page(request: Request) -> RedirectResponse:
    """To the first page, which Streamlit serves at the root alone; filters in the address are kept.

    The way there is relative, so that it holds behind a proxy that serves the dashboard below a path of its own.
    """
    return RedirectResponse("./" + (f"?{request.url.query}" if request.url.query else ""))


# All that has been imported stays: the garbage collector need not look at it again.
gc.collect()
gc.freeze()

app = st.App(
    Path(__file__).with_name("app.py"),
    routes=[
        Route("/healthz", health, methods=["GET", "HEAD"]),
        Route(f"/{ENTRIES[0].name}", first_page, methods=["GET", "HEAD"]),
    ],
    # Streamlit leaves its own script files uncompressed: a cold visit takes 10 MB without this and 3 MB with it.
    middleware=[
        Middleware(MemoryFiles),
        Middleware(GZipMiddleware, minimum_size=1024, compresslevel=5),
        Middleware(ReaderCookie, name=state.READER_COOKIE),
        Middleware(EarlyScripts),
    ],
)
