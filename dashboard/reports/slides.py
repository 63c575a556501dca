"""The pack as a presentation, 16:9: native tables and charts, so that the board's secretary can edit them."""

from __future__ import annotations

import io
from collections.abc import Iterator, Sequence
from typing import TypeVar

from pptx import Presentation
from pptx.presentation import Presentation as Deck
from pptx.slide import Slide
from pptx.util import Cm, Emu, Pt

from dashboard.language import _
from dashboard.reports.archives import repacked
from dashboard.reports.content import Area, Content, Row, Scope
from dashboard.reports.slide_charts import add_behaviour
from dashboard.reports.slide_parts import BLANK, Run, add_table, add_text, add_title, cleaned, direction_colour

Item = TypeVar("Item")
WIDTH, HEIGHT = Cm(33.867), Cm(19.05)
MARGIN = Cm(1.4)
SENTENCES = 13  # on one slide
SCORECARD_ROWS = 13
AREA_ROWS = 13
CHARTS = 2  # beside the table of an area


def slides_bytes(content: Content) -> bytes:
    """The presentation."""
    deck = Presentation()
    deck.slide_width, deck.slide_height = WIDTH, HEIGHT
    properties = deck.core_properties
    properties.title, properties.author = cleaned(content.title), cleaned(content.company)
    properties.comments, properties.last_modified_by = cleaned(content.stamp_line), "Retaguarda"
    properties.language = content.readers.language.replace("_", "-")
    _exceptions(deck, content)
    for scope in content.scopes:
        suffix = f" · {scope.title}" if len(content.scopes) > 1 else ""
        _scorecard(deck, content, scope, suffix)
        for area in scope.areas:
            _area(deck, content, area, suffix)
    _notes(deck, content)
    buffer = io.BytesIO()
    deck.save(buffer)
    return repacked(buffer.getvalue(), content.frozen_at or content.stamp.published_at)


def _slide(deck: Deck, content: Content, title: str) -> Slide:
    """A slide with its title and, at its foot, the stamp."""
    slide = deck.slides.add_slide(deck.slide_layouts[BLANK])
    add_title(slide, title, MARGIN, Cm(0.7), Emu(WIDTH - 2 * MARGIN))
    foot = f"{content.company} · {content.title} · {content.marks} · {content.stamp_line}"
    add_text(slide, [[(foot, None, False)]], MARGIN, Cm(18.1), Emu(WIDTH - 2 * MARGIN), Cm(0.7), Pt(9))
    return slide


def _chunks(items: Sequence[Item], most: int) -> Iterator[Sequence[Item]]:
    """As few parts as hold all, none of them much shorter than the others."""
    parts = -(-len(items) // most) or 1
    size = -(-len(items) // parts) or 1
    for first in range(0, len(items), size):
        yield items[first : first + size]


def _numbered(title: str, number: int, count: int) -> str:
    return f"{title} ({number}/{count})" if count > 1 else title


def _exceptions(deck: Deck, content: Content) -> None:
    """The first slide: week, status, and what changed."""
    parts = list(_chunks(content.exceptions, SENTENCES)) or [()]
    for number, part in enumerate(parts, 1):
        title = _numbered(f"{content.title}: {_('What changed this week')}", number, len(parts))
        slide = _slide(deck, content, title)
        lines: list[list[Run]] = [[(f"{content.days} · {content.filter_line} · {content.status}", None, False)]]
        for found in part:
            direction = found.row.direction or "changed"
            mark = {"better": "▲ ", "worse": "■ "}.get(direction, "◆ ")
            name = f"{found.scope} · {found.row.definition.label}" if found.scope else found.row.definition.label
            lines.append(
                [(mark, direction_colour(direction), False), (name, None, True), (f": {found.sentence}.", None, False)]
            )
        if not part:
            lines.append([(_("Nothing beyond ordinary variation."), None, False)])
        add_text(slide, lines, MARGIN, Cm(2.4), Emu(WIDTH - 2 * MARGIN), Cm(12.5), Pt(14), after=Pt(4))
        notes: list[list[Run]] = [[(text, None, False)] for text in (content.footnote, *content.absences)]
        add_text(slide, notes, MARGIN, Cm(15.9), Emu(WIDTH - 2 * MARGIN), Cm(2), Pt(10))


def _cells(row: Row) -> list[str]:
    value = "\n".join(filter(None, (row.value, row.interval, row.state)))
    target = "\n".join(filter(None, (row.target, row.assurance)))
    change = "\n".join(filter(None, (row.change, row.signal)))
    return [row.definition.label, value, target, change]


def _heads(first: str) -> list[str]:
    return [first, _("Value"), _("Target"), _("Against the week before")]


def _colours(rows: Sequence[Row]) -> dict[tuple[int, int], str]:
    """The colour of the words of a signal; words say the same."""
    return {(place, 3): row.direction for place, row in enumerate(rows, 1) if row.direction}


def _scorecard(deck: Deck, content: Content, scope: Scope, suffix: str) -> None:
    """All headline KPIs in two columns of a slide."""
    rows = [row for area in scope.areas for row in area.headline_rows]
    parts = list(_chunks(rows, SCORECARD_ROWS))
    for number, part in enumerate(parts, 1):
        slide = _slide(deck, content, _numbered(_("Scorecard") + suffix, number, len(parts)))
        titles = {area.name: area.title for area in scope.areas}
        body = [[titles[row.definition.area], *_cells(row)] for row in part]
        colours = {(line, column + 1): name for (line, column), name in _colours(part).items()}
        add_table(
            slide, [_("Area"), *_heads(_("Indicator"))], body, MARGIN, Cm(2.4), [6.0, 9.0, 5.0, 5.2, 5.8], colours
        )  # fmt: skip


def _area(deck: Deck, content: Content, area: Area, suffix: str) -> None:
    """A table of the area's KPIs, and native charts of those that matter most."""
    parts = list(_chunks(area.rows, AREA_ROWS))
    for number, part in enumerate(parts, 1):
        slide = _slide(deck, content, _numbered(area.title + suffix, number, len(parts)))
        widths = [7.0, 4.0, 4.0, 4.6]
        add_table(slide, _heads(_("Indicator")), [_cells(row) for row in part], MARGIN, Cm(2.4), widths, _colours(part))
        for place, row in enumerate(_pictured(part)):
            add_behaviour(slide, row, Cm(21.6), Cm(2.2 + place * 7.9), Cm(11.2), Cm(7.6))


def _pictured(rows: Sequence[Row]) -> list[Row]:
    """Those with a signal before the others, those of the scorecard before the rest."""
    drawn = [row for row in rows if sum(point.value is not None for point in row.points) > 1]
    return sorted(drawn, key=lambda row: (row.direction is None, not row.definition.headline))[:CHARTS]


def _notes(deck: Deck, content: Content) -> None:
    """Restatements, annotations and cautions, where there are any."""
    restated = [[r.label, r.unit, r.week, r.reported, r.now, r.difference, r.cause] for r in content.restatements]
    heads = [
        _("Indicator"),
        _("Business unit"),
        _("Week"),
        _("As reported"),
        _("Known now"),
        _("Difference"),
        _("Cause"),
    ]
    _listed(deck, content, _("Restatements"), heads, restated, [7, 3.6, 3.4, 3.4, 3.4, 3.2, 7])
    noted = [[note.label, note.day, note.author, note.text] for note in content.annotations]
    _listed(deck, content, _("Annotations"), [_("Indicator"), _("Day"), _("Author"), _("Note")], noted, [7, 5, 5, 14])
    cautions = [[caution.title, caution.detail] for caution in content.cautions]
    title = _("Before you trust a figure")
    _listed(deck, content, title, [_("Warning"), _("Indicators")], cautions, [12, 19])


def _listed(
    deck: Deck, content: Content, title: str, heads: list[str], rows: list[list[str]], widths: list[float]
) -> None:
    parts = list(_chunks(rows, 12))
    for number, part in enumerate(parts, 1):
        slide = _slide(deck, content, _numbered(title, number, len(parts)))
        add_table(slide, heads, list(part), MARGIN, Cm(2.4), widths, {}, numbers_from=len(heads))
