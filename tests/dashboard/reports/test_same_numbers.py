"""The four formats are read back: every figure and state must be the one that is published."""

from __future__ import annotations

import io
import re

import openpyxl
import pypdf
import pytest
from lxml import html
from pptx import Presentation

from dashboard import vocabulary
from dashboard.reports.pack import renderer

pytestmark = [pytest.mark.usefixtures("portuguese"), pytest.mark.slow]
QUIET = ("ok", "no_target")


def number(text: str) -> float | None:
    """The number that a Portuguese reader reads; None for an en dash."""
    if text.strip() == "–":
        return None
    found = re.search(r"(−?)[^\d−]*(−?)([\d.]+(?:,\d+)?)", text)
    assert found, text
    size = float(found[3].replace(".", "").replace(",", "."))
    return -size if found[1] or found[2] else size


def agrees(text: str, row: dict) -> bool:
    """Whether a text is the published value at the precision that it is shown with: large amounts without cents."""
    read = number(text)
    if read is None or row["value"] is None:
        return read is None and row["value"] is None
    decimals = 0 if row["unit"] == "brl" and abs(row["value"]) >= 1000 else int(row["decimals"] or 0)
    scaled = row["value"] * (100 if row["unit"] == "percent" else 1)
    return abs(read - scaled) <= 0.5000001 * 10**-decimals


def state_words(row: dict) -> str:
    return "" if row["state"] in QUIET else vocabulary.state(row["state"])


def test_every_kpi_is_there(pack) -> None:
    assert pack.published.height > 60
    assert {row.definition.name for row in pack.content.scopes[0].rows} == set(pack.published["kpi"])
    assert any(row["state"] == "too_few" for row in pack.published.to_dicts())  # else states were not tested


def test_html_says_what_is_published(pack) -> None:
    page = html.fromstring(pack.html)
    wrong = []
    for row in pack.published.to_dicts():
        lines = page.xpath(f'//section[@class="area"]//tr[@data-kpi="{row["kpi"]}"]')
        assert len(lines) == 1, row["kpi"]
        cell = lines[0].xpath("td")[0]
        said = " ".join(cell.xpath('.//span[contains(@class, "state")]//text()'))
        if not agrees(cell.xpath("strong")[0].text_content(), row) or state_words(row) not in said:
            wrong.append(row["kpi"])
        for line in page.xpath(f'//section[@class="scorecard"]//tr[@data-kpi="{row["kpi"]}"]'):
            assert line.xpath("td")[0].text_content() == cell.text_content()
    assert wrong == []


def test_pdf_says_what_is_published(pack, pdf) -> None:
    reader = pypdf.PdfReader(io.BytesIO(pdf))
    text = re.sub(r"\s+", " ", " ".join(page.extract_text() for page in reader.pages))
    missing = []
    for row in pack.content.scopes[0].rows:
        line = re.sub(r"\s+", " ", " ".join(filter(None, (row.definition.label, row.value, row.interval, row.state))))
        if line not in text:
            missing.append(line)
    assert missing == []
    published = {row["kpi"]: row for row in pack.published.to_dicts()}
    assert all(agrees(row.value, published[row.definition.name]) for row in pack.content.scopes[0].rows)


def objects(reader: pypdf.PdfReader) -> list[dict]:
    found = (reader.get_object(number) for number in range(1, int(reader.trailer["/Size"])))
    return [thing for thing in found if isinstance(thing, dict)]


def test_pdf_is_tagged_a4_and_has_its_fonts(pdf) -> None:
    reader = pypdf.PdfReader(io.BytesIO(pdf))
    root = reader.trailer["/Root"]
    assert root["/MarkInfo"]["/Marked"]
    assert "/StructTreeRoot" in root
    assert root["/Lang"] == "pt-BR"
    assert b"pdfuaid" in root["/Metadata"].get_object().get_data()
    assert [round(float(side)) for side in reader.pages[0].mediabox[2:]] == [595, 842]
    count = len(reader.pages)
    assert re.sub(r"\s+", " ", reader.pages[-1].extract_text()).endswith(f"Página {count} / {count}")
    drawings = [thing for thing in objects(reader) if thing.get("/S") == "/Figure"]
    assert len(drawings) > 60
    assert all(thing.get("/Alt") for thing in drawings)
    for page in reader.pages:
        for font in page["/Resources"].get("/Font", {}).values():
            descendant = font.get_object()["/DescendantFonts"][0].get_object()
            assert "/FontFile2" in descendant["/FontDescriptor"] or "/FontFile3" in descendant["/FontDescriptor"]


def test_slides_say_what_is_published(pack) -> None:
    deck = Presentation(io.BytesIO(pack.pptx))
    found: dict[str, set[tuple[str, ...]]] = {}
    charts = 0
    for slide in deck.slides:
        assert slide.shapes.title is not None
        assert slide.shapes.title.text_frame.text
        for shape in slide.shapes:
            charts += shape.has_chart
            if shape.has_table:
                cells = [[cell.text_frame.text for cell in line.cells] for line in shape.table.rows]
                if "Valor" not in cells[0]:
                    continue  # what a reader must know before trusting a figure
                first = cells[0].index("Valor")
                for line in cells[1:]:
                    found.setdefault(line[first - 1], set()).add(tuple(line[first].split("\n")))
    assert charts > 10
    for row in pack.published.to_dicts():
        versions = found[row["label"]]
        assert len(versions) == 1, row["kpi"]  # the same on the scorecard and on the page of the area
        lines = next(iter(versions))
        assert agrees(lines[0], row), (row["kpi"], lines, row["value"])
        assert state_words(row) in "\n".join(lines[1:])


def test_workbook_holds_what_is_published(pack) -> None:
    book = openpyxl.load_workbook(io.BytesIO(pack.xlsx), data_only=True)
    lines = list(book["Placar"].iter_rows(min_row=2, values_only=True))
    by_code = {line[1]: line for line in lines}
    for row in pack.published.to_dicts():
        line = by_code[row["kpi"]]
        assert line[4] == pytest.approx(row["value"], rel=1e-12) if row["value"] is not None else line[4] is None
        assert line[9] == pytest.approx(row["target"]) if row["target"] is not None else line[9] is None
        assert (state_words(row) or vocabulary.state("ok")) in line[8] or "aviso" in line[8]


CELL = r"'Componentes'!([DE])(\d+)"


def test_formulas_compute_the_published_figures(pack) -> None:
    """Each formula is computed from the cells that it names, without the value that was stored with it."""
    formulas = openpyxl.load_workbook(io.BytesIO(pack.xlsx))
    components, scorecard = formulas["Componentes"], formulas["Placar"]
    published = {row["kpi"]: row["value"] for row in pack.published.to_dicts()}
    computed = 0
    for line in scorecard.iter_rows(min_row=2):
        text, code = line[4].value, line[1].value
        if not isinstance(text, str):
            continue
        assert text.startswith("=")
        cells = [components[column + row].value for column, row in re.findall(CELL, text)]
        assert re.sub(CELL, "", text) in ("=", "=/", "=100*/")
        factor = 100 if "100*" in text else 1
        value = factor * cells[0] / (cells[1] if len(cells) > 1 else 1)
        assert value == pytest.approx(published[code], rel=1e-9), code
        computed += 1
    kinds = [
        row
        for row in pack.content.scopes[0].rows
        if row.definition.kind in ("share", "ratio", "score", "count", "amount")
    ]
    assert computed >= sum(row.point is not None and row.point.value is not None for row in kinds)
    assert computed > 50


def test_html_stands_alone(pack) -> None:
    page = html.fromstring(pack.html)
    assert len(pack.html) < 3_000_000
    assert not page.xpath("//script | //link | //iframe | //img | //object")
    assert not page.xpath("//@*[starts-with(name(), 'on')]")
    assert not page.xpath("//@src")
    # Only from the scorecard to the areas' pages, inside the file.
    targets = [link.removeprefix("#") for link in page.xpath("//@href")]
    assert targets
    assert set(targets) <= set(page.xpath('//section[@class="area"]/h2/@id'))
    assert b"url(" not in pack.html
    assert page.get("lang") == "pt-BR"
    assert page.xpath("count(//h1)") == 1
    assert all(head.get("scope") for head in page.xpath("//th"))
    assert all(picture.xpath("*[local-name() = 'title']/text()") for picture in page.xpath("//*[local-name() = 'svg']"))
    assert len(page.xpath("//figure")) > 60


def test_the_same_week_gives_the_same_bytes(pack, pdf) -> None:
    for name in ("html", "pdf", "xlsx", "pptx"):
        assert renderer(name)(pack.content) == getattr(pack, name), name
