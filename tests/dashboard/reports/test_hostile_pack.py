"""Names that would be markup or a formula are text in every format."""

from __future__ import annotations

import io
from dataclasses import replace

import openpyxl
import pypdf
import pytest
from lxml import html
from pptx import Presentation

from dashboard.reports.content import Annotation, Content, Restatement
from dashboard.reports.pack import renderer

pytestmark = [pytest.mark.usefixtures("portuguese"), pytest.mark.slow]
SCRIPT = "<script>alert(1)</script><img src=x onerror=alert(2)>"
FORMULA = "=cmd|'/C calc'!A0"
STYLE = '"; } body { display: none } @import "x'


@pytest.fixture(scope="module")
def hostile(pack) -> Content:
    scope = pack.content.scopes[0]
    area = scope.areas[0]
    row = area.rows[0]
    row = replace(row, definition=replace(row.definition, label=SCRIPT, owner=FORMULA))
    area = replace(area, rows=(row, *area.rows[1:]))
    return replace(
        pack.content,
        company=STYLE + SCRIPT,
        scopes=(replace(scope, areas=(area,), title=FORMULA),),
        annotations=(Annotation(FORMULA, "@SUM(1)", SCRIPT, "+1\x0b\x00" + SCRIPT),),
        restatements=(Restatement(SCRIPT, FORMULA, "-1", "+2", "=3", "–", SCRIPT),),
        exceptions=(),
    )


def test_html(hostile) -> None:
    page = html.fromstring(renderer("html")(hostile))
    assert not page.xpath("//script | //img | //@onerror")
    assert SCRIPT in page.text_content()
    assert FORMULA in page.text_content()


@pytest.mark.usefixtures("pdf")
def test_pdf(hostile) -> None:
    text = " ".join(part.extract_text() for part in pypdf.PdfReader(io.BytesIO(renderer("pdf")(hostile))).pages)
    assert "alert(1)" in text


def test_workbook(hostile) -> None:
    book = openpyxl.load_workbook(io.BytesIO(renderer("xlsx")(hostile)))
    texts = []
    for sheet in book:
        for line in sheet.iter_rows():
            for cell in line:
                if cell.data_type == "f":
                    assert "cmd" not in str(cell.value)
                    assert "SUM" not in str(cell.value)
                elif isinstance(cell.value, str) and cell.value:
                    assert cell.value[0] not in "=+-@", cell.value
                    texts.append(cell.value)
    assert "'" + FORMULA in texts
    assert SCRIPT in texts


def test_slides(hostile) -> None:
    deck = Presentation(io.BytesIO(renderer("pptx")(hostile)))
    tables = [shape.table for slide in deck.slides for shape in slide.shapes if shape.has_table]
    words = {cell.text_frame.text for table in tables for line in table.rows for cell in line.cells}
    assert {SCRIPT, FORMULA} <= words
