"""A real Chromium in front of the real server on the published sample company."""

from __future__ import annotations

import os
import re
import shutil
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright

ROOT = Path(__file__).parents[2]
ARTEFACTS = ROOT / "artefacts" / "screenshots"
QUIET = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]

OpenPage = Callable[..., Page]


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if Path(__file__).parent in item.path.parents:
            item.add_marker(pytest.mark.browser)


@pytest.fixture(scope="session")
def chromium() -> str:
    """The browser on the PATH. Skips without one, except in CI, where a skipped browser test would hide a fault."""
    found = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)
    if found:
        return found
    if os.environ.get("CI"):
        pytest.fail("CI must run the browser tests, and there is no Chromium on the PATH")
    pytest.skip("there is no Chromium on the PATH: install Debian's `chromium` package")


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


@contextmanager
def serving(data: Path, port: int | None = None) -> Iterator[str]:
    """The address of a fresh server on a data folder, started as a user starts it: `retaguarda serve`."""
    port = port or free_port()
    server = subprocess.Popen(
        [sys.executable, "-m", "pipeline.cli", "--data", str(data), "serve", "--no-browser", "--port", str(port)],
        cwd=ROOT,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    base = f"http://127.0.0.1:{port}"
    try:
        for _ in range(240):
            try:
                with urllib.request.urlopen(f"{base}/healthz", timeout=2):
                    break
            except urllib.error.HTTPError:
                break  # it answers, if only that nothing has been published
            except OSError:
                assert server.poll() is None, "the server ended before it answered"
                time.sleep(0.25)
        else:
            pytest.fail("the server did not answer within a minute")
        yield base
    finally:
        server.terminate()
        server.wait(timeout=20)


@pytest.fixture(scope="session")
def address(demo_data: Path) -> Iterator[str]:
    """The server that the tests share, on the sample company."""
    with serving(demo_data) as base:
        yield base


@pytest.fixture(scope="session")
def browser(chromium: str) -> Iterator[Browser]:
    with sync_playwright() as playwright:
        running = playwright.chromium.launch(executable_path=chromium, args=QUIET)
        yield running
        running.close()


def settled(page: Page) -> Page:
    """Wait until Streamlit has drawn everything: no script running, no skeleton, no stale element, no table to come."""
    page.wait_for_selector("[data-testid=stMain] h1", timeout=60_000)
    page.wait_for_function(
        """() => !document.querySelector('[data-testid=stSkeleton], [data-testid=stStatusWidget]')
              && !document.querySelector('[data-stale=true]')
              && ![...document.querySelectorAll('[class*=st-key-linked_]')]
                  .some((place) => !place.querySelector('[data-testid=stBidiComponentIsolated]'))""",
        timeout=60_000,
    )
    page.wait_for_timeout(400)
    return page


def too_wide(page: Page) -> int:
    """How many pixels the page reaches beyond the screen."""
    return page.evaluate(
        """() => { const main = document.querySelector('[data-testid=stMain]');
                   return Math.max(main.scrollWidth - main.clientWidth,
                                   document.documentElement.scrollWidth - window.innerWidth); }"""
    )


def picture(page: Page, name: str) -> None:
    """Keep what the page looks like, for people to look at."""
    ARTEFACTS.mkdir(parents=True, exist_ok=True)
    page.screenshot(path=ARTEFACTS / (re.sub(r"[^A-Za-z0-9_.-]+", "_", name) + ".png"))


@pytest.fixture
def open_page(browser: Browser, address: str, request: pytest.FixtureRequest) -> Iterator[OpenPage]:
    """`open_page(path, locale=, width=, dark=)` returns a settled page in a browser of its own.

    At the end a picture of each is kept, and none may have met an error in the browser itself.
    """
    contexts: list[BrowserContext] = []
    pages: list[Page] = []
    errors: list[str] = []

    def open_one(path: str = "/", *, locale: str = "pt-BR", width: int = 1440, dark: bool = False) -> Page:
        context = browser.new_context(
            base_url=address,
            viewport={"width": width, "height": 900 if width > 500 else 844},
            locale=locale,
            color_scheme="dark" if dark else "light",
        )
        contexts.append(context)
        page = context.new_page()
        page.on("pageerror", lambda error: errors.append(str(error)))
        pages.append(page)
        page.goto(path)
        return settled(page)

    yield open_one
    for number, page in enumerate(pages):
        picture(page, f"{request.node.name}_{number}")
    for context in contexts:
        context.close()
    assert not errors, errors
