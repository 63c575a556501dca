"""Streamlit's scripts from memory: the same bytes, compressed once; the page asks early for what every page needs."""

from __future__ import annotations

import asyncio
import gzip
import re
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

import pytest
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.responses import FileResponse, PlainTextResponse
from starlette.routing import Route
from starlette.types import ASGIApp, Message

from dashboard.static_files import EVERYWHERE, FOLDER, EarlyScripts, MemoryFiles, needed

SCRIPT = next((FOLDER / "static" / "js").glob("index.*.js"))
ADDRESS = f"/static/js/{SCRIPT.name}"


@dataclass(frozen=True)
class Answer:
    headers: dict[str, str]
    body: bytes


def get(application: ASGIApp, address: str, **headers: str) -> Answer:
    """What the application sends for one address."""
    sent: list[Message] = []
    named = [(name.replace("_", "-").encode(), value.encode()) for name, value in headers.items()]
    scope = {"type": "http", "method": "GET", "path": address, "query_string": b"", "headers": named, "root_path": ""}

    asked = iter(("once",))

    async def receive() -> Message:
        if next(asked, None) is None:
            await asyncio.Event().wait()  # the visitor stays
        return {"type": "http.request", "body": b"", "more_body": False}

    async def send(message: Message) -> None:
        sent.append(message)

    # In a thread of its own: the browser tests of the same process leave a loop running in this one.
    with ThreadPoolExecutor(max_workers=1) as own:
        own.submit(lambda: asyncio.run(application(scope, receive, send))).result()  # type: ignore[arg-type]
    return Answer(
        {name.decode().lower(): value.decode() for name, value in sent[0]["headers"]},
        b"".join(message.get("body", b"") for message in sent[1:]),
    )


@pytest.fixture(scope="module")
def application() -> ASGIApp:
    routes = [
        Route("/text", lambda request: PlainTextResponse("</head>")),
        Route("/{rest:path}", lambda request: FileResponse(FOLDER / "index.html")),
    ]
    return Starlette(routes=routes, middleware=[Middleware(MemoryFiles), Middleware(EarlyScripts)])


def test_a_script_comes_compressed_and_may_be_kept(application: ASGIApp) -> None:
    found = get(application, ADDRESS, accept_encoding="gzip, br")
    assert found.headers["content-encoding"] == "gzip"
    assert int(found.headers["content-length"]) == len(found.body)
    assert "immutable" in found.headers["cache-control"]
    assert gzip.decompress(found.body) == SCRIPT.read_bytes()
    assert len(found.body) < SCRIPT.stat().st_size / 2


@pytest.mark.parametrize("address", ["/static/js/../index.html", "/static/js/none.js", "/static/js/", "/text"])
def test_everything_else_goes_on_to_the_application(application: ASGIApp, address: str) -> None:
    found = get(application, address, accept_encoding="gzip")
    assert "immutable" not in found.headers.get("cache-control", "")
    if address == "/text":
        assert found.body == b"</head>"


def test_without_gzip_the_application_answers(application: ASGIApp) -> None:
    assert "content-encoding" not in get(application, ADDRESS, accept_encoding="identity").headers


def test_the_page_asks_for_all_that_its_elements_import(application: ASGIApp) -> None:
    answer = get(application, "/payables", accept_encoding="gzip")
    page = answer.body.decode()
    assert int(answer.headers["content-length"]) == len(answer.body)
    assert page.endswith("</html>\n")
    asked = re.findall(r'<link rel="modulepreload" crossorigin href="\./static/js/([^"]+)">', page)
    assert len(asked) == len(set(asked)), "none twice"
    for name in EVERYWHERE:
        scripts = [path.name for path in (FOLDER / "static" / "js").glob(f"{name}.*.js")]
        assert scripts, f"Streamlit has no script {name} any more"
        assert set(scripts) <= set(asked)
    there = {path.name for path in (FOLDER / "static" / "js").glob("*.js")}
    assert set(asked) <= there
    imported = set(
        re.findall(r'from"\./([\w.\-]+\.js)"', "".join((FOLDER / "static/js" / one).read_text() for one in asked))
    )
    assert imported <= {*asked, SCRIPT.name}, "nothing is left to be found out later"
    later = re.findall(r'<link rel="prefetch" as="script" crossorigin href="\./static/js/([^"]+)">', page)
    assert [name for name in later if name.startswith("PlotlyChart.")], "charts come when there is nothing else to do"
    assert not set(later) & set(asked)


def test_an_unknown_script_is_left_out() -> None:
    assert needed(("NoSuchElement",)) == []
