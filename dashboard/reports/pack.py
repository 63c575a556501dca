"""Make a pack: gather its content once, and render it in the formats asked for."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextvars import copy_context
from dataclasses import dataclass
from datetime import date
from importlib import import_module
from pathlib import Path

from dashboard import language
from dashboard.published import Publication
from dashboard.queries.weeks import complete_weeks
from dashboard.reports import shelf
from dashboard.reports.content import Content, Readers
from dashboard.reports.frozen import frozen_week
from dashboard.reports.gathering import gather

# The libraries of a format take time to import: only those that are asked for are.
RENDERERS = {
    "html": ("page_html", "html_bytes"),
    "pdf": ("page_pdf", "pdf_bytes"),
    "xlsx": ("workbook", "workbook_bytes"),
    "pptx": ("slides", "slides_bytes"),
}
FORMATS = tuple(RENDERERS)


@dataclass(frozen=True)
class Rendered:
    """One file of a pack; `is_new` is false where a frozen week's file was there already."""

    path: Path
    is_new: bool


def latest_week(publication: Publication) -> date | None:
    """Monday of the latest complete week; None before there is one."""
    weeks = complete_weeks(publication)
    return weeks[0] if weeks else None


def renderer(extension: str) -> Callable[[Content], bytes]:
    """The function that renders a content in a format."""
    module, function = RENDERERS[extension]
    return getattr(import_module(f"dashboard.reports.{module}"), function)


def content_of(publication: Publication, data: Path, start: date, readers: Readers) -> Content:
    """The content of a week's pack for its readers, in their language."""
    language.activate(readers.language)
    return gather(publication, start, readers, frozen_week(data, start, publication))


def make(
    publication: Publication,
    data: Path,
    start: date,
    readers: Readers,
    formats: Sequence[str] = FORMATS,
    folder: Path | None = None,
) -> list[Rendered]:
    """Render a week's pack and keep it. What was kept of a frozen week is left as it is."""
    return copy_context().run(_make, publication, data, start, readers, formats, folder)


def _make(
    publication: Publication, data: Path, start: date, readers: Readers, formats: Sequence[str], folder: Path | None
) -> list[Rendered]:
    content = content_of(publication, data, start, readers)
    target = folder or shelf.folder_of(data, content.week, readers.name)
    made = []
    for extension in formats:
        name = shelf.file_name(content, extension)
        shelf.set_aside_of_other_scope(target, name, readers.scope)
        is_kept = shelf.is_final(target, name)
        if not is_kept:
            shelf.put(target, content, name, renderer(extension)(content))
        made.append(Rendered(target / name, not is_kept))
    return made
