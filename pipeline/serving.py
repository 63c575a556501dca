"""The dashboard on this machine's own address."""

from __future__ import annotations

import os
import socket
import sys
import threading
import time
import urllib.error
import urllib.request
import webbrowser

from pipeline.failures import Failure
from pipeline.progress import Narrator
from pipeline.settings import DATA_VARIABLE, DataFolder

HOST = "127.0.0.1"
DEFAULT_PORT = 8501
UPLOADS_VARIABLE = "RETAGUARDA_UPLOADS"


def port_is_free(port: int, host: str = HOST) -> bool:
    """Whether nobody listens on a port of an address of this machine."""
    with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError:
            return False
    return True


def has_display() -> bool:
    """Whether a person sits here with a browser: a terminal, and a screen (or a desktop system)."""
    screen = os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY") or sys.platform in ("darwin", "win32")
    return bool(screen) and sys.stderr.isatty()


def open_browser_when_ready(address: str) -> None:
    """Open the page once the server answers; give up quietly after half a minute."""
    until = time.monotonic() + 30
    while time.monotonic() < until:
        try:
            with urllib.request.urlopen(f"{address}/healthz", timeout=1):  # noqa: S310 (our own http address)
                webbrowser.open(address)
                return
        except (urllib.error.URLError, OSError):
            time.sleep(0.3)


def serve(
    folder: DataFolder,
    narrator: Narrator,
    port: int = DEFAULT_PORT,
    *,
    host: str = HOST,
    browser: bool = True,
    uploads: bool = False,
) -> None:
    """Serve the dashboard until it is interrupted; `uploads` lets its readers load files. Raises Failure when the port is taken."""
    if not port_is_free(port, host):
        raise Failure(f"Port {port} is in use.", f"Choose another: `retaguarda serve --port {port + 1}`.")
    os.environ[DATA_VARIABLE] = str(folder.root)
    os.environ[UPLOADS_VARIABLE] = "on" if uploads else "off"
    import uvicorn

    # Streamlit sets the levels of uvicorn's loggers when it starts: asked there, or every request is a line.
    os.environ.setdefault("STREAMLIT_LOGGER_LEVEL", "warning")
    address = f"http://{host}:{port}"
    narrator.say(f"Retaguarda is at {address}  (Ctrl+C stops it)")
    if not folder.current.exists():
        narrator.warn("Nothing has been published yet: the pages will say so until a refresh has ended.")
    if browser and has_display():
        threading.Thread(target=open_browser_when_ready, args=(address,), daemon=True).start()
    uvicorn.run("dashboard.asgi:app", host=host, port=port, log_level="warning", access_log=False)
