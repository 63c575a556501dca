"""The pack as a workbook: real numbers with their formats, components, and formulas that compute figures from them."""

from __future__ import annotations

import io
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import xlsxwriter
from xlsxwriter.utility import xl_rowcol_to_cell

from dashboard import formats, vocabulary
from dashboard.exports import harmless
from dashboard.language import _
from dashboard.reports.archives import repacked
from dashboard.reports.cell_looks import Looks, pattern
from dashboard.reports.content import Content, Row, Scope
from dashboard.reports.recomputation import Recipe
from dashboard.reports.sheets import Sheet, write_tables


@dataclass(frozen=True)
class Place:
    """Where the components of a figure stand: cells of the sheet of components."""

    numerator: str
    denominator: str


def workbook_bytes(content: Content) -> bytes:
    """The workbook. Text is always written as text; what would run as a formula begins with an apostrophe."""
    buffer = io.BytesIO()
    options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
    book = xlsxwriter.Workbook(buffer, options)
    moment = content.frozen_at or content.stamp.published_at
    book.set_properties(
        {"title": content.title, "author": harmless(content.company), "comments": content.stamp_line, "created": moment}
    )
    looks = Looks(book)
    _summary(book, looks, content)
    scorecard = Sheet(book.add_worksheet(_("Scorecard")), looks)
    components = Sheet(book.add_worksheet(_("Components")), looks)
    places = _components(components, content)
    _scorecard(scorecard, content, places)
    write_tables(book, looks, content)
    book.close()
    return repacked(buffer.getvalue(), moment)


def _summary(book: Any, looks: Looks, content: Content) -> None:
    sheet = Sheet(book.add_worksheet(_("Summary")), looks)
    sheet.widths((110,))
    sheet.line(content.company, looks.quiet)
    sheet.line(content.title, looks.title)
    for text in (content.days, content.status, content.stamp_line, content.filter_line):
        sheet.line(text, looks.text)
    sheet.line("", looks.text)
    sheet.line(_("What changed this week"), looks.head)
    for found in content.exceptions:
        name = f"{found.scope} · {found.row.definition.label}" if found.scope else found.row.definition.label
        word = vocabulary.direction(found.row.direction or "changed")
        sheet.line(f"{name}: {found.sentence} ({word}).", looks.text)
    if not content.exceptions:
        sheet.line(_("Nothing beyond ordinary variation."), looks.text)
    for text in (content.footnote, *content.absences):
        sheet.line(text, looks.quiet)


def recipe_words(row: Row) -> str:
    """How the figure follows from its components, or why it does not."""
    match row.recipe:
        case Recipe.SUM:
            return _("numerator")
        case Recipe.QUOTIENT:
            return _("numerator ÷ denominator")
        case Recipe.POINTS:
            return _("100 × numerator ÷ denominator")
    if row.point is None or row.point.value is None:
        return row.state
    if row.definition.kind == "duration":
        return _("median of the life table: no function of two sums")
    if row.definition.kind == "cash_flow":
        return _("return of dated cash flows: no function of two sums")
    return _("follows from balances of several days: no function of two sums")


def formula(recipe: Recipe, numerator: str, denominator: str) -> str:
    """The recipe as a formula over two cells."""
    match recipe:
        case Recipe.SUM:
            return f"={numerator}"
        case Recipe.QUOTIENT:
            return f"={numerator}/{denominator}"
        case Recipe.POINTS:
            return f"=100*{numerator}/{denominator}"
    raise ValueError("a figure without a recipe has no formula")


def _rows(content: Content) -> list[tuple[Scope, Row]]:
    return [(scope, row) for scope in content.scopes for row in scope.rows]


def _components(sheet: Sheet, content: Content) -> dict[tuple[str, str], Place]:
    """Numerator, denominator and n of every figure, how it follows, and the difference from what is published."""
    heads = (_("Code"), _("Unit of the company"), _("Indicator"), _("Numerator"), _("Denominator"), _("Records"), _("Recipe"),
             _("Published value"), _("Difference"))  # fmt: skip
    sheet.widths((28, 22, 38, 16, 16, 10, 44, 18, 14))
    sheet.head(heads)
    places: dict[tuple[str, str], Place] = {}
    for scope, row in _rows(content):
        at, point, kpi = sheet.row, row.point, row.definition
        look = sheet.looks.number("#,##0.00")
        sheet.texts((kpi.name, scope.title, kpi.label))
        sheet.number(3, point.numerator if point else None, look)
        sheet.number(4, point.denominator if point else None, look)
        sheet.number(5, point.n if point else None, sheet.looks.number("#,##0"))
        sheet.text(6, recipe_words(row))
        sheet.number(7, point.value if point else None, sheet.looks.number(pattern(kpi.unit, kpi.decimals)))
        cells = [xl_rowcol_to_cell(at, column) for column in (3, 4, 7)]
        if row.recipe is not Recipe.NONE:
            computed = formula(row.recipe, cells[0], cells[1])
            sheet.formula(8, f"{computed}-{cells[2]}", 0.0, sheet.looks.number("0.00E+00"))
        name = f"'{_('Components')}'!"
        places[(scope.member, kpi.name)] = Place(name + cells[0], name + cells[1])
        sheet.next()
    sheet.finish(len(heads))
    return places


def _scorecard(sheet: Sheet, content: Content, places: dict[tuple[str, str], Place]) -> None:
    """A row a KPI; the value is a formula over its components where sums give it."""
    heads = (_("Area"), _("Code"), _("Unit of the company"), _("Indicator"), _("Value"), _("Unit"), _("Low (95%)"), _("High (95%)"),
             _("State"), _("Target"), _("Assurance"), _("Week before"), _("Change"), _("Centre"), _("Lower limit"),
             _("Upper limit"), _("Signal"), _("On the scorecard"))  # fmt: skip
    sheet.widths((28, 26, 20, 44, 14, 12, 12, 12, 18, 12, 22, 14, 12, 12, 12, 12, 30, 12))
    sheet.head(heads)
    for scope, row in _rows(content):
        kpi, point = row.definition, row.point
        look = sheet.looks.number(pattern(kpi.unit, kpi.decimals))
        sheet.texts((vocabulary.area(kpi.area), kpi.name, scope.title, kpi.label))
        place = places[(scope.member, kpi.name)]
        if point is not None and point.value is not None and row.recipe is not Recipe.NONE:
            sheet.formula(4, formula(row.recipe, place.numerator, place.denominator), point.value, look)
        else:
            sheet.number(4, point.value if point else None, look)
        sheet.text(5, unit_word(kpi.unit))
        sheet.numbers(6, (point.low, point.high) if point else (None, None), look)
        sheet.text(8, row.state or vocabulary.state("ok"))
        sheet.number(9, point.target if point else kpi.target, look)
        sheet.text(10, row.assurance)
        sheet.numbers(11, (point.previous_value, point.change) if point else (None, None), look)
        limits: Sequence[float | None] = (None, None, None)
        if point is not None:
            limits = (point.centre, point.lower_limit, point.upper_limit)
        sheet.numbers(13, limits, look)
        sheet.text(16, row.signal)
        sheet.text(17, _("yes") if kpi.headline else "")
        sheet.next()
    sheet.finish(len(heads), frozen_columns=4)


def unit_word(unit: str) -> str:
    """The unit beside a number: `%`, `R$`, `dias`."""
    return {"percent": "%", "brl": "R$"}.get(unit) or formats.unit_suffix(unit)
