"""Readers of a real server over its websocket, in the protocol that a browser speaks; for `pages.py` and `readers.py`."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlencode

from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from websockets.asyncio.client import ClientConnection, connect

ROOT = Path(__file__).resolve().parents[1]
HOME = "overview"  # its address is the root


@dataclass(frozen=True)
class Server:
    """A server of our own; `process` is its number."""

    address: str
    process: int

    def memory(self) -> float:
        """Resident memory in MiB, with that of the processes that it has started."""
        return sum(resident(number) for number in (self.process, *children(self.process)))

    def processor(self) -> float:
        """Seconds of processor that the process has used: on a busy machine steadier than seconds of wall time."""
        fields = Path(f"/proc/{self.process}/stat").read_text().rpartition(")")[2].split()
        return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def children(process: int) -> list[int]:
    """The processes that one has started."""
    text = "".join(path.read_text() for path in Path(f"/proc/{process}/task").glob("*/children"))
    return [int(number) for number in text.split()]


def resident(process: int) -> float:
    """Resident memory of one process in MiB."""
    for line in Path(f"/proc/{process}/status").read_text().splitlines():
        if line.startswith("VmRSS:"):
            return int(line.split()[1]) / 1024
    return 0.0


def free_port() -> int:
    """A port that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextmanager
def started(command: list[str], port: int, health: str) -> Iterator[Server]:
    """A server process that answers; ended afterwards."""
    process = subprocess.Popen(
        command, cwd=ROOT, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, env=dict(os.environ)
    )
    address = f"http://127.0.0.1:{port}"
    try:
        until = time.monotonic() + 60
        while True:
            try:
                with urllib.request.urlopen(address + health, timeout=2):  # noqa: S310 (our own address)
                    break
            except urllib.error.HTTPError:
                break
            except OSError:
                if process.poll() is not None or time.monotonic() > until:
                    raise SystemExit("the server did not answer within a minute") from None
                time.sleep(0.2)
        yield Server(address, process.pid)
    finally:
        process.terminate()
        process.wait(timeout=20)


@contextmanager
def serving(data: Path) -> Iterator[Server]:
    """`retaguarda serve` on a data folder."""
    port = free_port()
    command = [sys.executable, "-m", "pipeline.cli", "--data", str(data), "serve", "--no-browser", "--port", str(port)]
    with started(command, port, "/healthz") as server:
        yield server


@dataclass(frozen=True)
class Visit:
    """One page as a reader got it: seconds until the script had ended, elements, bytes, and errors on the page."""

    page: str
    seconds: float
    elements: int
    bytes: int
    errors: tuple[str, ...]


class Reader:
    """One reader's websocket session."""

    def __init__(self, socket: ClientConnection) -> None:
        self.socket = socket

    async def visit(self, page: str, parameters: Mapping[str, str] | None = None) -> Visit:
        """Go to a page with parameters in its address, and wait until all of it has come."""
        wish = BackMsg()
        wish.rerun_script.page_name = "" if page == HOME else page
        wish.rerun_script.query_string = urlencode(parameters or {})
        began = time.perf_counter()
        await self.socket.send(wish.SerializeToString())
        elements = size = 0
        errors: list[str] = []
        while True:
            raw = await self.socket.recv()
            size += len(raw)
            message = ForwardMsg.FromString(raw)  # type: ignore[arg-type]
            kind = message.WhichOneof("type")
            if kind == "delta" and message.delta.WhichOneof("type") == "new_element":
                elements += 1
                if message.delta.new_element.WhichOneof("type") == "exception":
                    errors.append(message.delta.new_element.exception.message)
            elif kind == "script_finished":
                # The run before one that was interrupted by a wish ends in its own way.
                if message.script_finished != ForwardMsg.FINISHED_SUCCESSFULLY:
                    continue
                return Visit(page, time.perf_counter() - began, elements, size, tuple(errors))


async def opened(address: str) -> Reader:
    """A new reader; close `reader.socket` at the end."""
    stream = address.replace("http", "ws") + "/_stcore/stream"
    return Reader(
        await connect(
            stream, subprotocols=["streamlit"], max_size=None, open_timeout=120, ping_interval=None, compression=None
        )  # type: ignore[list-item]
    )


def percentile(numbers: list[float], share: float) -> float:
    """The nearest-rank percentile of a list that is not empty."""
    ordered = sorted(numbers)
    return ordered[max(0, -(-int(share * 100) * len(ordered) // 100) - 1)]
