"""The server itself: health, compression, and many first visits at once to a fresh process."""

from __future__ import annotations

import gzip
import json
import re
import shutil
import urllib.error
import urllib.request
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from http.client import HTTPConnection
from itertools import cycle, islice
from pathlib import Path
from urllib.parse import urljoin

import pytest
from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from websockets.sync.client import connect

from dashboard.published import current_path
from tests.browser.conftest import serving

PAGES = ("overview", "payables", "kpi", "customers", "strategy", "data", "investments", "accounting", "support")
VISITORS = 12


def answer(address: str, path: str, method: str = "GET") -> tuple[int, dict[str, str], bytes]:
    """Status, headers (lower case) and body as they come over the wire."""
    request = urllib.request.Request(address + path, method=method, headers={"Accept-Encoding": "gzip"})
    try:
        with urllib.request.urlopen(request, timeout=30) as found:
            return found.status, {name.lower(): value for name, value in found.headers.items()}, found.read()
    except urllib.error.HTTPError as error:
        return error.code, {name.lower(): value for name, value in error.headers.items()}, error.read()


def visit(address: str, page: str) -> tuple[list[str], list[str]]:
    """A first visit over the websocket, as the browser makes it: (titles, exceptions) of the finished page."""
    titles, exceptions = [], []
    stream = address.replace("http", "ws") + "/_stcore/stream"
    with connect(stream, subprotocols=["streamlit"], open_timeout=60, max_size=None) as socket:  # type: ignore[list-item]
        wish = BackMsg()
        wish.rerun_script.page_name = page if page != "overview" else ""
        wish.rerun_script.query_string = "lang=en"
        socket.send(wish.SerializeToString())
        while True:
            message = ForwardMsg.FromString(socket.recv(timeout=60))  # type: ignore[arg-type]
            kind = message.WhichOneof("type")
            if kind == "delta" and message.delta.WhichOneof("type") == "new_element":
                element = message.delta.new_element
                match element.WhichOneof("type"):
                    case "exception":
                        exceptions.append(element.exception.message)
                    case "heading" if element.heading.tag == "h1":
                        titles.append(element.heading.body)
            if kind == "script_finished":
                assert message.script_finished == ForwardMsg.FINISHED_SUCCESSFULLY
                return titles, exceptions


@pytest.fixture(scope="module")
def fresh_address(demo_data: Path) -> Iterator[str]:
    """A server that nobody has visited."""
    with serving(demo_data) as base:
        yield base


def test_many_first_visits_at_once(fresh_address: str) -> None:
    pages = list(islice(cycle(PAGES), VISITORS))
    with ThreadPoolExecutor(VISITORS) as visitors:
        found = list(visitors.map(lambda page: visit(fresh_address, page), pages))
    for page, (titles, exceptions) in zip(pages, found, strict=True):
        assert not exceptions, page
        assert len(titles) == 1, page
    assert len({titles[0] for titles, _exceptions in found}) == len(PAGES), (
        "each visitor got the page that was asked for"
    )


def test_health_names_the_publication(fresh_address: str, demo_data: Path) -> None:
    status, headers, body = answer(fresh_address, "/healthz")
    assert status == 200
    assert headers["content-type"] == "application/json"
    health = json.loads(body)
    assert health["status"] == "ok"
    assert health["last_build"] == "published"
    assert health["as_of"] == "2026-11-20"
    assert health["publication_id"] in current_path(demo_data).name
    status, _headers, body = answer(fresh_address, "/healthz", method="HEAD")
    assert (status, body) == (200, b"")


def test_health_is_bad_where_nothing_is_published(tmp_path: Path, demo_data: Path) -> None:
    (tmp_path / "serving").mkdir()
    with serving(tmp_path) as address:
        status, _headers, body = answer(address, "/healthz")
        assert status == 503
        assert "retaguarda refresh" in json.loads(body)["message"]
        assert visit(address, "payables") == (["Nothing has been published yet"], [])
        # What is published later is served without a new start.
        source = current_path(demo_data)
        shutil.copyfile(source, tmp_path / "serving" / source.name)
        (tmp_path / "serving" / "current").write_text(source.name)
        assert answer(address, "/healthz")[0] == 200
        assert visit(address, "payables") == (["Payables"], [])


def test_the_first_page_has_an_address_of_its_own_too(fresh_address: str) -> None:
    host = fresh_address.removeprefix("http://")
    connection = HTTPConnection(host, timeout=30)
    connection.request("GET", "/overview?unit=SUL&lang=en")
    answered = connection.getresponse()
    assert answered.status == 307
    assert urljoin(f"{fresh_address}/overview", answered.headers["location"]) == f"{fresh_address}/?unit=SUL&lang=en"
    connection.close()


def test_pages_and_scripts_are_compressed(fresh_address: str) -> None:
    status, headers, page = answer(fresh_address, "/")
    assert status == 200
    assert headers["content-encoding"] == "gzip"
    scripts = re.findall(r'(?:src|href)="\.?/?(static/[^"]+\.(?:js|css))"', gzip.decompress(page).decode())
    assert scripts
    sent = whole = 0
    for script in scripts:
        status, headers, body = answer(fresh_address, "/" + script)
        assert status == 200
        sent += len(body)
        whole += len(gzip.decompress(body)) if headers.get("content-encoding") == "gzip" else len(body)
    assert whole > 500_000, "the scripts of the page"
    assert sent < whole / 2


def test_only_this_machine_is_served(fresh_address: str) -> None:
    port = int(fresh_address.rsplit(":", 1)[1])
    listening = [
        line.split()[1]
        for name in ("tcp", "tcp6")
        for line in Path(f"/proc/net/{name}").read_text().splitlines()[1:]
        if line.split()[3] == "0A" and line.split()[1].endswith(f":{port:04X}")
    ]
    assert listening == [f"0100007F:{port:04X}"]
