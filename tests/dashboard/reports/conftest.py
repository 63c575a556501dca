"""The pack of the sample's latest complete week, rendered once in each format."""

from __future__ import annotations

from contextvars import copy_context
from dataclasses import dataclass
from pathlib import Path

import polars as pl
import pytest

from dashboard import language
from dashboard.published import Publication, current
from dashboard.reports.content import Content, Readers
from dashboard.reports.pack import content_of, latest_week, renderer
from dashboard.reports.page_pdf import PrinterMissing


@dataclass(frozen=True)
class Pack:
    """A content and its renderings; `published` are the week's figures of the company as they stand in the file."""

    content: Content
    html: bytes
    pdf: bytes
    xlsx: bytes
    pptx: bytes
    published: pl.DataFrame


@pytest.fixture(scope="session")
def publication(demo_data: Path) -> Publication:
    return current(demo_data)


@pytest.fixture(scope="session")
def pack(publication: Publication, tmp_path_factory: pytest.TempPathFactory) -> Pack:
    """In Portuguese; without frozen weeks, so that it is compared with the published values."""
    return copy_context().run(_rendered, publication, tmp_path_factory.mktemp("nothing_frozen"))


def _rendered(publication: Publication, data: Path) -> Pack:
    start = latest_week(publication)
    assert start is not None
    content = content_of(publication, data, start, Readers(language="pt_BR"))
    files = {name: renderer(name)(content) for name in ("html", "xlsx", "pptx")}
    try:
        files["pdf"] = renderer("pdf")(content)
    except PrinterMissing:
        files["pdf"] = b""
    sql = """
        select v.kpi, v.value, v.state, v.numerator, v.denominator, v.target, c.unit, c.decimals, c.label_pt_br as label
        from kpi.kpi_values as v
        inner join kpi.catalogue as c on c.name = v.kpi
        where v.grain = 'week' and v.dimension = 'total' and v.period_start = ?
    """
    return Pack(content, **files, published=publication.fetch(sql, (start,)))


@pytest.fixture
def portuguese() -> None:
    language.activate("pt_BR")


@pytest.fixture
def pdf(pack: Pack) -> bytes:
    if not pack.pdf:
        pytest.skip("Pango is not on this machine")
    return pack.pdf
