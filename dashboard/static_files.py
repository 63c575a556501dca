"""Streamlit's own scripts: compressed once, sent from memory, and those that every page needs asked for at once.

Streamlit sends its scripts uncompressed and through a thread each, and its page names only those that start it: the
scripts of links, select boxes and tables are asked for when the first of them is drawn, and wait behind the script of
the page. A first visit takes ninety files, so that each millisecond counts ninety times.
"""

from __future__ import annotations

import gzip
import re
from collections.abc import Sequence
from functools import cache
from importlib.util import find_spec
from pathlib import Path

from starlette.datastructures import Headers
from starlette.types import ASGIApp, Message, Receive, Scope, Send

FOLDER = Path(str(getattr(find_spec("streamlit"), "origin", ""))).parent / "static"
# Names of scripts, without the hash that Streamlit's build gives them: what pages draw before any chart.
EVERYWHERE = ("PageLink", "Button", "Selectbox", "ButtonGroup", "BidiComponent")
# Four megabytes, which nobody shall wait for who reads numbers: fetched when the browser has nothing else to do.
LATER = ("PlotlyChart",)
OF_THE_FILE = (b"content-length", b"etag", b"last-modified")  # headers that are no longer true of the page
CACHED = b"public, immutable, max-age=31536000"  # a hash is in every name
TYPES = {".js": b"text/javascript; charset=utf-8", ".css": b"text/css; charset=utf-8"}
LEVEL = 6
IMPORT = re.compile(r"""(?:from|import)\s*["']\./([\w.\-]+\.js)["']""")
PRELOADED = re.compile(r'href="\./static/js/([^"]+\.js)"')


class MemoryFiles:
    """ASGI middleware: answers for Streamlit's scripts and styles from memory; all else goes on to the application."""

    def __init__(self, app: ASGIApp, folder: Path = FOLDER) -> None:
        self.app = app
        self._paths = {
            f"/{path.relative_to(folder).as_posix()}": path
            for path in (folder / "static").rglob("*")
            if path.suffix in TYPES
        }

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Handle one request."""
        path = self._paths.get(scope["path"]) if scope["type"] == "http" and scope["method"] == "GET" else None
        if path is None or "gzip" not in Headers(scope=scope).get("accept-encoding", ""):
            await self.app(scope, receive, send)
            return
        body = compressed(path)
        headers = [
            (b"content-type", TYPES[path.suffix]),
            (b"content-encoding", b"gzip"),
            (b"content-length", str(len(body)).encode()),
            (b"cache-control", CACHED),
            (b"vary", b"Accept-Encoding"),
        ]
        await send({"type": "http.response.start", "status": 200, "headers": headers})
        await send({"type": "http.response.body", "body": body})


@cache
def compressed(path: Path) -> bytes:
    """The content of a file as gzip."""
    return gzip.compress(path.read_bytes(), LEVEL, mtime=0)


class EarlyScripts:
    """ASGI middleware: the page names the scripts that all our pages need, so that a browser asks for them at once."""

    def __init__(self, app: ASGIApp, folder: Path = FOLDER) -> None:
        self.app = app
        at_once, later = needed(EVERYWHERE, folder), needed(LATER, folder)
        links = [f'<link rel="modulepreload" crossorigin href="./static/js/{script}">' for script in at_once]
        links += [
            f'<link rel="prefetch" as="script" crossorigin href="./static/js/{script}">'
            for script in later
            if script not in at_once
        ]
        self._links = "".join(links).encode()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Handle one request."""
        if scope["type"] != "http" or scope["method"] != "GET":
            await self.app(scope, receive, send)
            return
        held: Message | None = None
        body = bytearray()

        async def sending(message: Message) -> None:
            nonlocal held
            if message["type"] == "http.response.start" and message["status"] == 200:
                if Headers(raw=message["headers"]).get("content-type", "").startswith("text/html"):
                    held = message
                    return
            elif held is not None and message["type"] == "http.response.body":
                body.extend(message.get("body", b""))
                if message.get("more_body"):
                    return
                page = bytes(body).replace(b"</head>", self._links + b"</head>", 1)
                kept = [(name, value) for name, value in held["headers"] if name.lower() not in OF_THE_FILE]
                length = (b"content-length", str(len(page)).encode())
                await send({**held, "headers": [*kept, length]})
                await send({"type": "http.response.body", "body": page})
                return
            await send(message)

        await self.app(scope, receive, sending)


def needed(names: Sequence[str], folder: Path = FOLDER) -> list[str]:
    """Files of the named scripts and of all that they import, without those that Streamlit's page names itself.

    A name that no file has is left out: it is only slower then.
    """
    scripts = folder / "static" / "js"
    known = set(PRELOADED.findall((folder / "index.html").read_text(encoding="utf-8")))
    known.update(path.name for path in scripts.glob("index.*.js"))
    found: list[str] = []
    waiting = [path.name for name in names for path in sorted(scripts.glob(f"{name}.*.js"))]
    while waiting:
        script = waiting.pop(0)
        if script in known:
            continue
        known.add(script)
        found.append(script)
        text = (scripts / script).read_text(encoding="utf-8")
        waiting.extend(IMPORT.findall(text))
    return found
