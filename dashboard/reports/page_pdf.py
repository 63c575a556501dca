"""The pack as PDF, printed from the HTML page: A4, numbered, tagged for screen readers (PDF/UA-1), fonts embedded."""

from __future__ import annotations

import logging
import os
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from importlib.util import find_spec
from pathlib import Path

from dashboard.language import _
from dashboard.reports.content import Content
from dashboard.reports.page_html import html_bytes

CLOCK = "SOURCE_DATE_EPOCH"  # read by the library that cuts fonts
STYLE = Path(__file__).with_name("print.css")
# Source Sans (SIL Open Font License 1.1) comes with Streamlit, so that a machine without any font prints as well.
FONT_PATTERN = "static/static/media/SourceSansVF-Upright*.woff2"


class PrinterMissing(Exception):
    """The library that sets text (Pango) is not on this machine. The message says how to get it."""


def pdf_bytes(content: Content) -> bytes:
    """The document. Raises PrinterMissing."""
    try:
        from weasyprint import HTML
        from weasyprint.urls import URLFetcher
    except OSError as error:
        text = (
            "PDF needs the system library Pango. On Debian and Ubuntu: apt-get install libpango-1.0-0 libpangoft2-1.0-0"
        )
        raise PrinterMissing(f"{text} (macOS: brew install pango).") from error
    logging.getLogger("weasyprint").setLevel(logging.ERROR)
    style = _font_face() + STYLE.read_text(encoding="utf-8") + _page_words(content)
    # Everything is inside the page but the font.
    fetcher = URLFetcher(allowed_protocols=["file"])
    page = HTML(string=html_bytes(content, style).decode("utf-8"), url_fetcher=fetcher)
    identifier = f"{content.week} {content.readers.name} {content.stamp.publication_id}".encode()
    with _clock_at(content.frozen_at or content.stamp.published_at):
        printed = page.write_pdf(pdf_variant="pdf/ua-1", pdf_identifier=identifier)
    assert printed is not None  # noqa: S101 - None only where a target to write to is given
    return printed


@contextmanager
def _clock_at(moment: datetime) -> Iterator[None]:
    """Fonts that are cut to the signs used are dated: with this moment, so that the same week gives the same bytes."""
    before = os.environ.get(CLOCK)
    os.environ[CLOCK] = str(int(moment.replace(tzinfo=UTC).timestamp()))
    try:
        yield
    finally:
        if before is None:
            del os.environ[CLOCK]
        else:
            os.environ[CLOCK] = before


def font_file() -> Path | None:
    """The font that comes with Streamlit, found without importing it; None where it lies elsewhere."""
    found = find_spec("streamlit")
    if found is None or not found.submodule_search_locations:
        return None
    return next(iter(sorted(Path(found.submodule_search_locations[0]).glob(FONT_PATTERN))), None)


def _font_face() -> str:
    path = font_file()
    if path is None:
        return ""
    return f'@font-face {{ font-family: "Pack Sans"; src: url("{path.as_uri()}"); font-weight: 200 900; }}\n'


def _page_words(content: Content) -> str:
    """What stands at the foot of every page."""
    left = _quoted(f"{content.company} · {content.title} · {content.marks}")
    page = _quoted(f"{_('Page')} ")
    return (
        f"@page {{ @bottom-left {{ content: {left}; width: 85%; }}"
        f' @bottom-right {{ content: {page} counter(page) " / " counter(pages); width: 15%; }} }}\n'
    )


def _quoted(text: str) -> str:
    """A text as a string of CSS: every sign that could end it becomes its number, and the blank that ends the number."""
    return '"' + "".join(sign if sign.isalnum() or sign in " .,:()-" else f"\\{ord(sign):06x} " for sign in text) + '"'
