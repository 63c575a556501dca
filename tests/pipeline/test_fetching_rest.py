"""A REST API into raw, against a real HTTP server: pages, retries, exact numbers, and no step to another host."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from decimal import Decimal
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest

from ingestion.connections.definition import load_connection
from ingestion.connections.extracts import write_extract
from ingestion.connections.rest import batches
from ingestion.contracts import load_contracts
from pipeline.fetching import FetchReport, fetch
from pipeline.loading import load, open_for_writing
from pipeline.progress import Narrator
from pipeline.settings import PROJECT_ROOT, DataFolder

TOKEN = "token-of-the-test"
PAGE = 10


class Api(ThreadingHTTPServer):
    """A small accounting API: `rows` by path, `troubles` is what it answers first, `asked` what it was asked."""

    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Handler)
        self.rows = [row(n) for n in range(1, 26)]
        self.troubles: list[tuple[int, dict[str, str]]] = []
        self.asked: list[str] = []

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.server_port}"


def row(number: int) -> dict[str, Any]:
    return {
        "company": "01", "business_unit": "MTZ", "supplier_id": f"F{number % 7}", "document": f"NF-{number}",
        "instalment": 1, "issue_date": "2026-06-01", "receipt_date": "2026-06-03", "due_date": "2026-07-03",
        "paid_date": None, "amount_brl": Decimal("1000.10") + number, "paid_amount_brl": None, "category": "Serviços",
        "status": "Aberto", "changed_at": f"2026-06-{number:02}T10:00:00Z",
    }  # fmt: skip


class Handler(BaseHTTPRequestHandler):
    server: Api

    def log_message(self, *_: object) -> None:
        pass

    def answer(self, status: int, content: Any = None, headers: dict[str, str] | None = None) -> None:
        body = json.dumps(content, default=lambda number: float(number)).encode()
        self.send_response(status)
        for name, value in (headers or {}).items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def do_GET(self) -> None:
        self.respond({key: values[0] for key, values in parse_qs(urlsplit(self.path).query).items()})

    def do_POST(self) -> None:
        body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        if body["app_secret"] != TOKEN:
            return self.answer(403)
        return self.respond({"page": str(body["param"][0]["pagina"])}, trusted=True)

    def respond(self, asked: dict[str, str], trusted: bool = False) -> None:
        self.server.asked.append(self.path)
        if not trusted and self.headers.get("Authorization") != f"Bearer {TOKEN}":
            return self.answer(401)
        if self.server.troubles:
            status, headers = self.server.troubles.pop(0)
            return self.answer(status, headers=headers)
        rows = [each for each in self.server.rows if each["changed_at"] >= asked.get("since", "")]
        path = urlsplit(self.path).path
        if path == "/exact":
            body = b'{"items": [{"document": "X", "amount": 12345678901234567.89, "rate": 0.1, "count": 3}]}'
            self.send_response(200)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)
            return None
        if path == "/elsewhere":
            return self.answer(200, {"items": rows[:PAGE], "next": "http://localhost:1/steal"})
        if path == "/forever":
            return self.answer(200, {"items": rows[:PAGE]})
        if path == "/scalars":
            return self.answer(200, {"items": ["a", "b"]})
        if path == "/text":
            self.send_response(200)
            self.send_header("Content-Length", "6")
            self.end_headers()
            self.wfile.write(b"<html>")
            return None
        start = (
            int(asked["cursor"])
            if "cursor" in asked
            else int(asked.get("offset", (int(asked.get("page", 1)) - 1) * PAGE))
        )
        rows, after = rows[start : start + PAGE], start + PAGE
        more = after < len(self.server.rows)
        link = f"{self.server.address}{path}?cursor={after}"
        if path == "/link_header":
            return self.answer(200, {"items": rows}, {"Link": f'<{link}>; rel="next"'} if more else {})
        return self.answer(
            200,
            {
                "items": rows,
                "total": len(self.server.rows),
                "cursor": str(after) if more else None,
                "next": link if more else None,
            },
        )


@pytest.fixture
def api() -> Iterator[Api]:
    with Api() as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield server
        server.shutdown()


@pytest.fixture
def folder(tmp_path: Path, api: Api, monkeypatch: pytest.MonkeyPatch) -> DataFolder:
    monkeypatch.setenv("API_TOKEN", TOKEN)
    made = DataFolder(tmp_path).prepare()
    describe(made, api)
    return made


PAGINGS = {
    "page": "{kind: page, parameter: page, first: 1}",
    "offset": "{kind: offset, parameter: offset, size: 10, total: total}",
    "cursor": "{kind: cursor, parameter: cursor, next: cursor}",
    "next_link": "{kind: next_link, next: next}",
    "link_header": "{kind: link_header}",
}


def describe(
    folder: DataFolder, api: Api, path: str = "/payables", paging: str = PAGINGS["page"], more: str = ""
) -> None:
    folder.connections.mkdir(exist_ok=True)
    (folder.connections / "cloud.yml").write_text(
        f"kind: rest\nbase_url: {api.address}\nbackoff_seconds: 0.05\n"
        "authentication: {kind: bearer, token: {environment: API_TOKEN}}\n"
        f"tables:\n  erp.payables:\n    path: {path}\n    rows: items\n    paging: {paging}\n{more}"
    )


def run(folder: DataFolder) -> FetchReport:
    return fetch(folder, Narrator(quiet=True))


@pytest.mark.parametrize("kind", PAGINGS)
def test_all_pages_arrive_whatever_the_paging(folder: DataFolder, api: Api, kind: str) -> None:
    describe(folder, api, f"/{kind}", PAGINGS[kind])
    report = run(folder)
    assert not report.failures
    assert report.extracts[0][1].rows == 25
    loaded = load(folder, [folder.inbox], Narrator(quiet=True))
    assert loaded.total("rows_loaded") == 25, loaded.as_dict()
    raw = open_for_writing(folder)
    assert raw.execute("select sum(amount_brl) from erp.payables").fetchall() == [
        (sum(each["amount_brl"] for each in api.rows),)
    ]
    raw.close()


def test_troubles_are_asked_again(folder: DataFolder, api: Api) -> None:
    api.troubles = [(503, {}), (429, {"Retry-After": "0"}), (500, {})]
    assert run(folder).extracts[0][1].rows == 25


def test_an_api_that_stays_down_is_told_and_leaves_nothing(folder: DataFolder, api: Api) -> None:
    api.troubles = [(503, {})] * 50
    (failure,) = run(folder).failures
    assert "answers 503" in failure
    assert len(api.asked) == 5
    assert not list(folder.inbox.iterdir())


def test_only_what_is_new_is_asked_for(folder: DataFolder, api: Api) -> None:
    describe(folder, api, more="    high_water: {field: changed_at, parameter: since}\n")
    run(folder)
    load(folder, [folder.inbox], Narrator(quiet=True))
    api.rows.append(row(26))
    ((_, extract),) = run(folder).extracts
    assert "since=2026-06-25T09%3A45%3A00" in api.asked[-1]
    assert extract.rows == 2  # the newest known one lies within the overlap
    assert load(folder, [folder.inbox], Narrator(quiet=True)).total("rows_loaded") == 1


def test_numbers_keep_their_digits(folder: DataFolder, api: Api, tmp_path: Path) -> None:
    describe(folder, api, "/exact", "{kind: none}")
    connection = load_connection(folder.connections / "cloud.yml", load_contracts(PROJECT_ROOT))
    table = connection.tables[0]
    extract = write_extract(table.table, tmp_path / "exact.ndjson", batches(connection, table, None), None)  # type: ignore[arg-type]
    assert extract is not None
    assert '"amount":12345678901234567.89,"rate":0.1,"count":3' in extract.path.read_text()


@pytest.mark.parametrize(
    ("path", "paging", "said"),
    [
        ("/elsewhere", PAGINGS["next_link"], "leads to another host, localhost:1"),
        ("/forever", "{kind: page, parameter: page}", 'page 2 is the page before. Check "paging"'),
        ("/scalars", "{kind: none}", "leads to values, not to rows"),
        ("/text", "{kind: none}", "is not JSON"),
    ],
)
def test_a_strange_answer_is_told(folder: DataFolder, api: Api, path: str, paging: str, said: str) -> None:
    describe(folder, api, path, paging)
    (failure,) = run(folder).failures
    assert said in failure
    assert TOKEN not in failure
    assert not list(folder.inbox.iterdir())


def test_a_wrong_token_is_told_without_it(folder: DataFolder, api: Api, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("API_TOKEN", "wrong-and-secret")
    (failure,) = run(folder).failures
    assert "answers 401" in failure
    assert "Check the token" in failure
    assert "wrong-and-secret" not in failure


def test_pages_and_secrets_in_the_body(folder: DataFolder, api: Api) -> None:
    """Some Brazilian APIs take POST only, with the page and the secret in the body."""
    (folder.connections / "cloud.yml").write_text(
        f"kind: rest\nbase_url: {api.address}\ntables:\n  erp.payables:\n    path: /body\n    method: POST\n"
        "    body: {call: List, app_secret: {environment: API_TOKEN}, param: [{pagina: 1}]}\n"
        '    rows: items\n    paging: {kind: page, body_path: "param.0.pagina", first: 1}\n'
    )
    report = run(folder)
    assert report.failures == ()
    assert report.extracts[0][1].rows == 25


def test_no_news_is_no_file(folder: DataFolder, api: Api) -> None:
    api.rows.clear()
    assert run(folder).extracts == ()
    assert not list(folder.inbox.iterdir())
