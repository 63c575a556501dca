"""One sheet written row by row, and the sheets of the workbook that are plain tables."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from dashboard import formats, vocabulary
from dashboard.exports import harmless
from dashboard.language import _
from dashboard.reports.cell_looks import Looks, pattern
from dashboard.reports.content import Content


class Sheet:
    """A sheet and the row that is being written."""

    def __init__(self, sheet: Any, looks: Looks) -> None:
        self._sheet = sheet
        self.looks = looks
        self.row = 0
        sheet.hide_gridlines(2)
        sheet.set_landscape()
        sheet.set_paper(9)
        sheet.fit_to_pages(1, 0)

    def widths(self, characters: Sequence[int]) -> None:
        """Widths of the first columns, in characters."""
        for column, width in enumerate(characters):
            self._sheet.set_column(column, column, width)

    def head(self, titles: Sequence[str]) -> None:
        """The row of titles."""
        for column, title in enumerate(titles):
            self._sheet.write_string(self.row, column, title, self.looks.head)
        self.next()

    def line(self, text: str, look: Any) -> None:
        """One text in a row of its own."""
        self._sheet.write_string(self.row, 0, harmless(text), look)
        self.next()

    def text(self, column: int, text: str) -> None:
        """A text, harmless; empty texts leave the cell empty."""
        if text:
            self._sheet.write_string(self.row, column, harmless(text), self.looks.text)

    def texts(self, texts: Sequence[str]) -> None:
        """Texts from the first column on."""
        for column, text in enumerate(texts):
            self.text(column, text)

    def number(self, column: int, value: float | None, look: Any) -> None:
        """A number; None leaves the cell empty, never zero."""
        if value is not None:
            self._sheet.write_number(self.row, column, value, look)

    def numbers(self, column: int, values: Sequence[float | None], look: Any) -> None:
        """Numbers from a column on."""
        for place, value in enumerate(values, column):
            self.number(place, value, look)

    def formula(self, column: int, text: str, value: float, look: Any) -> None:
        """A formula with its value, for readers that do not calculate."""
        self._sheet.write_formula(self.row, column, text, look, value)

    def day(self, column: int, value: Any) -> None:
        """A date."""
        self._sheet.write_datetime(self.row, column, value, self.looks.day)

    def next(self) -> None:
        """Go on to the next row."""
        self.row += 1

    def finish(self, columns: int, frozen_columns: int = 0) -> None:
        """Filters on the titles, which stay in sight and are printed on every page."""
        self._sheet.autofilter(0, 0, max(0, self.row - 1), columns - 1)
        self._sheet.freeze_panes(1, frozen_columns)
        self._sheet.repeat_rows(0)


def write_tables(book: Any, looks: Looks, content: Content) -> None:
    """Units, weeks, restatements, annotations, cautions and definitions."""
    _units(Sheet(book.add_worksheet(_("By unit")), looks), content)
    _weeks(Sheet(book.add_worksheet(_("Weeks")), looks), content)
    restated = [(r.label, r.unit, r.week, r.reported, r.now, r.difference, r.cause) for r in content.restatements]
    heads = (_("Indicator"), _("Business unit"), _("Week"), _("As reported"), _("Known now"), _("Difference"), _("Cause"))  # fmt: skip
    _plain(book, looks, _("Restatements"), heads, (36, 20, 14, 16, 16, 16, 60), restated)
    noted = [(note.label, note.day, note.author, note.text) for note in content.annotations]
    _plain(book, looks, _("Annotations"), (_("Indicator"), _("Day"), _("Author"), _("Note")), (36, 14, 20, 80), noted)
    cautions = [(caution.title, caution.detail) for caution in content.cautions]
    _plain(book, looks, _("Warnings"), (_("Warning"), _("Indicators")), (50, 100), cautions)
    heads = (_("Indicator"), _("Code"), _("Kind"), _("Definition"), _("Formula"), _("Included"), _("Authority"), _("Owner"),
             _("Version"))  # fmt: skip
    defined = [
        (kpi.label, kpi.name, vocabulary.kind(kpi.kind), kpi.definition, kpi.formula, kpi.eligibility, kpi.authority,
         kpi.owner, kpi.definition_hash)
        for kpi in content.definitions
    ]  # fmt: skip
    _plain(book, looks, _("Definitions"), heads, (32, 26, 12, 60, 50, 50, 40, 20, 20), defined)


def _plain(
    book: Any, looks: Looks, title: str, heads: Sequence[str], widths: Sequence[int], rows: Sequence[Sequence[str]]
) -> None:
    if not rows:
        return
    sheet = Sheet(book.add_worksheet(title), looks)
    sheet.widths(widths)
    sheet.head(heads)
    for row in rows:
        sheet.texts(row)
        sheet.next()
    sheet.finish(len(heads))


def _number_look(looks: Looks, unit: str, decimals: int) -> Any:
    return looks.number(pattern(unit, decimals))


def _units(sheet: Sheet, content: Content) -> None:
    """Figures of the business units, long: a row a KPI and unit."""
    heads = (
        _("Area"),
        _("Code"),
        _("Indicator"),
        _("Business unit"),
        _("Value"),
        _("State"),
        _("Records"),
        _("Signal"),
    )
    sheet.widths((28, 26, 44, 24, 16, 20, 10, 14))
    sheet.head(heads)
    for area in (area for scope in content.scopes for area in scope.areas):
        kpis = {row.definition.name: row.definition for row in area.rows}
        for name, cells in area.by_unit.items():
            kpi = kpis[name]
            for cell in cells:
                sheet.texts((area.title, name, kpi.label, cell.unit))
                sheet.number(4, cell.point.value, _number_look(sheet.looks, kpi.unit, kpi.decimals))
                sheet.text(5, vocabulary.state(cell.point.state))
                sheet.number(6, cell.point.n, sheet.looks.number("#,##0"))
                sheet.text(7, vocabulary.direction(cell.direction) if cell.direction else "")
                sheet.next()
    sheet.finish(len(heads), frozen_columns=3)


def _weeks(sheet: Sheet, content: Content) -> None:
    """The weeks behind the pictures, long: a row a KPI and week."""
    heads = (_("Code"), _("Unit of the company"), _("Indicator"), _("Week"), _("First day"), _("Value"), _("Centre"),
             _("Lower limit"), _("Upper limit"), _("Target"), _("State"), _("Signal"))  # fmt: skip
    sheet.widths((26, 20, 38, 14, 14, 14, 14, 14, 14, 14, 18, 12))
    sheet.head(heads)
    for scope in content.scopes:
        for row in scope.rows:
            kpi = row.definition
            look = _number_look(sheet.looks, kpi.unit, kpi.decimals)
            for point in row.points:
                sheet.texts((kpi.name, scope.title, kpi.label, formats.period(point.period_start, "week")))
                sheet.day(4, point.period_start)
                numbers = (point.value, point.centre, point.lower_limit, point.upper_limit, point.target)
                sheet.numbers(5, numbers, look)
                sheet.text(10, vocabulary.state(point.state))
                sheet.text(11, vocabulary.direction(point.direction or "changed") if point.is_signal else "")
                sheet.next()
    sheet.finish(len(heads), frozen_columns=3)
