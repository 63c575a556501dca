"""What a reader waits for, in headless Chromium: the numbers, the whole page, a page again, a filter.

    python -m benchmarks.browser [--data FOLDER] [--repeats 5] [--pages overview payables kpi]

Cold: a new browser with an empty cache. Warm: the same browser opens the page once more. Told are medians of the time
from the navigation (or the click) until the first figure stands on the page, until all of them do, and until nothing
changes any more, charts drawn. A figure is one that a reader sees as text: charts, the cells of tables that are drawn
as pictures (the records), and what is folded away belong to the whole page. Filter: from the click on "Month" to the
first and the last change.
Baseline in the same run: a plain Streamlit page with twelve metrics and one Plotly chart, as everybody writes it.
"""

from __future__ import annotations

import argparse
import os
import shutil
import statistics
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from playwright.sync_api import Browser, BrowserContext, Page, Playwright, sync_playwright

from benchmarks.sessions import Server, free_port, serving, started

ADDRESSES = {"overview": "/", "payables": "/payables", "kpi": "/kpi?kpi=days_to_pay"}
QUIET = ("--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
         "--disable-component-update", "--disable-sync")  # fmt: skip
STILL = 0.7  # seconds without any change, after which a page is whole
PLAIN = """
import plotly.express as px
import streamlit as st

st.title("Plain")
for column, name in zip(st.columns(12), "abcdefghijkl"):
    column.metric(name, "1,234")
st.segmented_control("Period", ["Week", "Month"], default="Week", key="period")
st.metric("chosen", 52 if st.session_state.period == "Week" else 12)
st.plotly_chart(px.line(x=list(range(50)), y=[n * n % 17 for n in range(50)]))
"""
# Counts figures at every frame that follows a change of the page; charts are counted as such.
WATCH = r"""
(() => {
  const log = window.__log = [];
  let dirty = true, last = '';
  const seen = new WeakSet();
  function watch(root) {
    if (seen.has(root)) return;
    seen.add(root);
    new MutationObserver(() => { dirty = true; }).observe(root, {subtree: true, childList: true, characterData: true, attributes: true});
  }
  function text(node, out, isSeen) {
    for (let child = node.firstChild; child; child = child.nextSibling) {
      if (child.nodeType === 3) { out.push(child.data); if (isSeen) out.seen.push(child.data); }
      else if (child.nodeType === 1) {
        if (child.classList.contains('js-plotly-plot')) { out.charts += child.querySelector('.main-svg .plot path, .main-svg .trace') ? 1 : 0; continue; }
        if (child.tagName === 'STYLE' || child.tagName === 'SCRIPT') continue;
        if (child.tagName === 'CANVAS') out.charts += 1;
        const isFolded = child.parentElement?.tagName === 'DETAILS' && !child.parentElement.open && child.tagName !== 'SUMMARY';
        const isChildSeen = isSeen && child.tagName !== 'CANVAS' && !isFolded;
        if (child.shadowRoot) { watch(child.shadowRoot); text(child.shadowRoot, out, isChildSeen); }
        text(child, out, isChildSeen);
      }
    }
  }
  function look() {
    if (dirty) {
      dirty = false;
      const main = document.querySelector('[data-testid=stMain]');
      if (main) {
        const out = []; out.charts = 0; out.seen = [];
        text(main, out, true);
        const body = out.join(' ');
        const figures = (out.seen.join(' ').match(/\d[\d.,]*/g) || []).length;
        const busy = document.querySelector('[data-testid=stSkeleton],[data-stale=true],[data-testid=stStatusWidget]') ? 1 : 0;
        const now = [figures, out.charts, busy, body].join('|');
        if (now !== last) { last = now; log.push([performance.now(), figures, out.charts, busy]); }
      }
    }
    requestAnimationFrame(look);
  }
  const begin = () => { watch(document.documentElement); requestAnimationFrame(look); };
  if (document.documentElement) begin(); else document.addEventListener('readystatechange', begin, {once: true});
})();
"""

Times = dict[str, float]


def settle(page: Page) -> list[list[float]]:
    """The log of a page once nothing has changed for a while."""
    length, since = -1, time.monotonic()
    until = since + 60
    while time.monotonic() < until:
        found, busy = page.evaluate(
            "[window.__log?.length ?? 0, window.__log?.length ? window.__log.at(-1)[3] || !window.__log.at(-1)[1] : 1]"
        )
        if found != length or busy:
            length, since = found, time.monotonic()
        elif time.monotonic() - since > STILL:
            break
        time.sleep(0.05)
    return page.evaluate("window.__log")


def times_of(log: list[list[float]], begun: float = 0.0) -> Times:
    """First figure, all figures, whole page, in seconds after `begun` (milliseconds of the page's clock)."""
    final = log[-1][1]
    first = next(entry[0] for entry in log if entry[1] > 0)
    # From which moment on as many figures stood there as at the end.
    enough = [entry[0] for entry in log if entry[1] < final]
    numbers = next(entry[0] for entry in log if not enough or entry[0] > enough[-1])
    return {name: (at - begun) / 1000 for name, at in (("first", first), ("numbers", numbers), ("whole", log[-1][0]))}


def chromium() -> str:
    """The browser on the PATH."""
    found = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)
    if not found:
        raise SystemExit("There is no Chromium on the PATH.")
    return found


def opened(context: BrowserContext, address: str) -> tuple[Page, Times]:
    """A page drawn to the end, and how long that took."""
    page = context.new_page()
    page.add_init_script(WATCH)
    page.goto(address, wait_until="commit")
    return page, times_of(settle(page))


def filtered(page: Page) -> Times:
    """From the click on the second period to the first change and the last."""
    button = page.get_by_test_id("stMain").get_by_role("radio", name="Month")
    if not button.count():
        button = page.get_by_test_id("stMain").get_by_role("button", name="Month")
    page.evaluate("""() => { window.__log.length = 0; window.__clicked = 0;
                     document.addEventListener('pointerdown', () => { window.__clicked ||= performance.now() }, true); }""")
    button.first.click()
    log = settle(page)
    begun = page.evaluate("window.__clicked")
    changes = [entry for entry in log if entry[0] > begun]
    # The pressed button itself is no answer.
    answers = [entry for entry in changes if entry[1:3] != changes[0][1:3]] or changes
    return {"first": (answers[0][0] - begun) / 1000, "whole": (changes[-1][0] - begun) / 1000}


@contextmanager
def browser(playwright: Playwright) -> Iterator[Browser]:
    """A browser that has just been started."""
    running = playwright.chromium.launch(executable_path=chromium(), args=list(QUIET))
    yield running
    running.close()


def measured(playwright: Playwright, address: str, repeats: int) -> dict[str, Times]:
    """Medians of cold, warm and filter."""
    found: dict[str, list[Times]] = {"cold": [], "warm": [], "filter": []}
    for _ in range(repeats):
        with browser(playwright) as running:
            context = running.new_context(viewport={"width": 1440, "height": 900}, locale="en-US")
            page, cold = opened(context, address)
            page.close()
            page, warm = opened(context, address)
            found["cold"].append(cold)
            found["warm"].append(warm)
            found["filter"].append(filtered(page))
    return {
        kind: {name: statistics.median(one[name] for one in runs) for name in runs[0]} for kind, runs in found.items()
    }


def told(name: str, figures: dict[str, Times], plain: dict[str, Times] | None) -> None:
    """One line a kind, with the ratio to the plain page."""
    for kind, times in figures.items():
        parts = []
        for what, seconds in times.items():
            ratio = f" ({seconds / plain[kind][what]:.2f} ×)" if plain else ""
            parts.append(f"{what} {seconds:.2f} s{ratio}")
        print(f"{name:10s} {kind:7s} " + "   ".join(parts), flush=True)


@contextmanager
def plain_page(folder: Path) -> Iterator[Server]:
    """The baseline: Streamlit as it comes."""
    script = folder / "plain.py"
    script.write_text(PLAIN, encoding="utf-8")
    port = free_port()
    options = ("--server.headless=true", f"--server.port={port}", "--browser.gatherUsageStats=false")
    with started([sys.executable, "-m", "streamlit", "run", str(script), *options], port, "/_stcore/health") as server:
        yield server


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, default=Path(os.environ.get("RETAGUARDA_DATA", "data")))
    parser.add_argument("--repeats", type=int, default=5)
    parser.add_argument("--pages", nargs="+", default=list(ADDRESSES), choices=list(ADDRESSES))
    arguments = parser.parse_args()
    with sync_playwright() as playwright, tempfile.TemporaryDirectory() as folder:
        with plain_page(Path(folder)) as server:
            plain = measured(playwright, server.address, arguments.repeats)
        told("plain", plain, None)
        with serving(arguments.data.resolve()) as server:
            for name in arguments.pages:
                told(name, measured(playwright, server.address + ADDRESSES[name], arguments.repeats), plain)


if __name__ == "__main__":
    main()
