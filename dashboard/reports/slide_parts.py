"""Parts of a slide: title, paragraphs and native tables, with the pack's colours."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from pptx.dml.color import RGBColor
from pptx.enum.text import MSO_ANCHOR, PP_ALIGN
from pptx.oxml.ns import qn
from pptx.slide import Slide
from pptx.util import Cm, Emu, Length, Pt

from dashboard.charts.template import BETTER, CHANGED, ORDINARY, TARGET, WORSE

BLANK = 5  # the layout "Title Only": a real title, by which readers and screen readers find the slide
FONT = "Calibri"
INK = RGBColor(0x1F, 0x28, 0x30)
QUIET = RGBColor(0x57, 0x62, 0x6E)
FAINT = RGBColor(0xE4, 0xE8, 0xEC)
# Darker than the marks of the charts: words need more contrast.
WORDS = {
    "better": RGBColor(0x1F, 0x5F, 0x9F),
    "worse": RGBColor(0xA4, 0x50, 0x0A),
    "changed": RGBColor(0x6A, 0x45, 0xB3),
}
MARKS = {"better": BETTER, "worse": WORSE, "changed": CHANGED, "ordinary": ORDINARY, "target": TARGET}

Run = tuple[str, RGBColor | None, bool]  # text, colour, bold


def colour(name: str) -> RGBColor:
    """A colour of the charts, by its meaning."""
    return RGBColor.from_string(MARKS[name].lstrip("#").upper())


def direction_colour(direction: str) -> RGBColor:
    """The colour of words about a signal."""
    return WORDS.get(direction, WORDS["changed"])


def cleaned(text: str) -> str:
    """The text without characters that the format cannot hold."""
    return "".join(letter for letter in text if letter.isprintable() or letter in "\n\t\N{NO-BREAK SPACE}")


def add_title(slide: Slide, text: str, left: Length, top: Length, width: Length) -> None:
    """The slide's title, in its own placeholder."""
    title = slide.shapes.title
    assert title is not None  # noqa: S101 - the layout has one
    title.left, title.top, title.width, title.height = left, top, width, Cm(1.5)
    frame = title.text_frame
    frame.word_wrap = True
    frame.vertical_anchor = MSO_ANCHOR.MIDDLE
    frame.margin_left = Emu(0)
    paragraph = frame.paragraphs[0]
    paragraph.alignment = PP_ALIGN.LEFT
    _run(paragraph, cleaned(text), Pt(24), INK, bold=True)


def add_text(
    slide: Slide,
    lines: Sequence[Sequence[Run]],
    left: Length,
    top: Length,
    width: Length,
    height: Length,
    size: Length,
    *,
    after: Length | None = None,
) -> None:
    """Paragraphs of runs."""
    frame = slide.shapes.add_textbox(left, top, width, height).text_frame
    frame.word_wrap = True
    frame.margin_left = Emu(0)
    for number, line in enumerate(lines):
        paragraph = frame.paragraphs[0] if number == 0 else frame.add_paragraph()
        if after is not None:
            paragraph.space_after = after
        for text, ink, bold in line:
            _run(paragraph, cleaned(text), size, ink or (QUIET if size <= Pt(10) else INK), bold=bold)


def add_table(
    slide: Slide,
    heads: Sequence[str],
    rows: Sequence[Sequence[str]],
    left: Length,
    top: Length,
    widths: Sequence[float],
    colours: Mapping[tuple[int, int], str],
    *,
    numbers_from: int = 1,
) -> None:
    """A native table: the first line of a cell is its figure, further lines are small. `colours` by (row, column)."""
    total = Cm(sum(widths))
    shape = slide.shapes.add_table(len(rows) + 1, len(heads), left, top, total, Cm(1.0 * (len(rows) + 1)))
    table = shape.table
    for style in table._tbl.iter(qn("a:tableStyleId")):
        style.text = "{2D5ABB26-0587-4C30-8999-92F81FD0307C}"  # "No Style, No Grid"
    table.horz_banding = False
    for column, width in enumerate(widths):
        table.columns[column].width = Cm(width)
    text_columns = set(range(len(heads))) if numbers_from >= len(heads) else {0}
    if len(heads) == 5:  # area and name before the figures
        text_columns = {0, 1}
    for line, cells in enumerate([heads, *rows]):
        table.rows[line].height = Cm(0.7 if line == 0 else 1.06)
        for column, text in enumerate(cells):
            cell = table.cell(line, column)
            cell.margin_left = cell.margin_right = Cm(0.15)
            cell.margin_top, cell.margin_bottom = Cm(0.1), Cm(0.02)
            cell.vertical_anchor = MSO_ANCHOR.BOTTOM if line == 0 else MSO_ANCHOR.TOP
            frame = cell.text_frame
            for number, part in enumerate(cleaned(text).split("\n")):
                paragraph = frame.paragraphs[0] if number == 0 else frame.add_paragraph()
                paragraph.alignment = PP_ALIGN.LEFT if column in text_columns else PP_ALIGN.RIGHT
                is_small = number > 0
                named = colours.get((line, column)) if is_small else None
                ink = QUIET if line == 0 else direction_colour(named) if named else QUIET if is_small else INK
                is_bold = line == 0 or named is not None or (column == max(text_columns) + 1 and not is_small)
                _run(paragraph, part, Pt(8.5) if is_small else Pt(10 if line == 0 else 11), ink, bold=is_bold)
            _underline(cell, "7D8996" if line == 0 else "E4E8EC")


def _run(paragraph, text: str, size: Length, ink: RGBColor, *, bold: bool) -> None:
    run = paragraph.add_run()
    run.text = text
    run.font.size, run.font.bold, run.font.name = size, bold, FONT
    run.font.color.rgb = ink


def _underline(cell, hexadecimal: str) -> None:
    """A thin line below a cell; python-pptx has no word for borders."""
    properties = cell._tc.get_or_add_tcPr()
    line = properties.makeelement(qn("a:lnB"), {"w": "9525", "cap": "flat", "cmpd": "sng", "algn": "ctr"})
    fill = line.makeelement(qn("a:solidFill"), {})
    fill.append(fill.makeelement(qn("a:srgbClr"), {"val": hexadecimal}))
    line.append(fill)
    properties.append(line)
