"""The weekly pack as a letter: what changed in sentences, pictures of it, a short scorecard. The files say the rest."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import groupby

from dashboard import vocabulary
from dashboard.language import _
from dashboard.reports import letter_html as page
from dashboard.reports import pictures
from dashboard.reports.content import Content, ExceptionSentence, Row, Scope
from dashboard.reports.letter import Letter, Picture
from dashboard.reports.letter_text import heading, item, joined, wrapped
from dashboard.reports.links import Links
from dashboard.reports.markup import Element, element
from dashboard.reports.notices import MARKS, Line, Notice
from dashboard.reports.pack_notice import exception_name, ordered_exceptions, pack_notice
from dashboard.reports.picture_png import png_bytes

MOST_PICTURES = 6
PICTURE_WIDTH = 1104  # twice what it takes on the page: telephones have fine screens


def pack_letter(content: Content, links: Links, file_names: Sequence[str] = ()) -> Letter:
    """The letter of a pack, in the active language; `file_names` are those that will go with it."""
    notice = pack_notice(content, links)
    drawn = list(_pictures(content))
    body = [
        *_head(content, notice),
        *_changes(content, notice),
        *(_figure(found, picture) for found, picture in drawn),
        *(part for scope in content.scopes for part in _scorecard(content, scope)),
        *_cautions(content),
        *_foot(content, file_names),
    ]
    first_words = " · ".join(f"{line.name}: {line.sentence}" for line in notice.lines[:3]) or notice.nothing
    return Letter(
        subject=f"{content.title} · {content.company}",
        language=content.readers.language,
        text=_text(content, notice, file_names),
        html=page.page(f"{content.company} · {content.title}", content.readers.language, first_words, body),
        pictures=tuple(picture for _found, picture in drawn),
    )


def _pictures(content: Content) -> Iterable[tuple[ExceptionSentence, Picture]]:
    """Of the first exceptions: those that a reader should look at before anything else."""
    for number, found in enumerate(ordered_exceptions(content)[:MOST_PICTURES]):
        drawing = pictures.behaviour(found.row)
        if drawing is not None:
            identifier = f"picture{number + 1}.{content.week}@retaguarda"
            yield found, Picture(identifier, png_bytes(drawing, PICTURE_WIDTH))


def _head(content: Content, notice: Notice) -> Iterable[Element | None]:
    yield page.paragraph("company", content.company)
    yield page.styled("h1", "title", content.title)
    yield page.paragraph("ink", content.days)
    yield page.paragraph("provisional" if content.is_provisional else "status", content.status)
    if notice.link:
        yield page.button(notice.link.words, notice.link.address)


def _groups(notice: Notice) -> Iterable[tuple[str, str, list[Line]]]:
    """Lines by direction: the direction, its heading, and its lines."""
    for direction, lines in groupby(notice.lines, key=lambda line: line.mark):
        found = list(lines)
        word = vocabulary.direction(direction)
        yield direction, f"{MARKS[direction]} {word[:1].upper()}{word[1:]} ({len(found)})", found


def _changes(content: Content, notice: Notice) -> Iterable[Element]:
    yield page.styled("h2", "heading", _("What changed this week"))
    if not notice.lines:
        yield page.paragraph("ink", notice.nothing)
    for direction, title, lines in _groups(notice):
        yield page.styled("p", f"group {direction}", title)
        for line in lines:
            yield page.paragraph("ink", page.linked("name", line.name, line.link), ": ", line.sentence)
    yield page.paragraph("quiet", content.footnote)


def _figure(found: ExceptionSentence, picture: Picture) -> Element:
    caption = page.paragraph("ink", element("strong", exception_name(found)), " ", found.row.value)
    image = page.styled(
        "img",
        "picture",
        src=f"cid:{picture.identifier}",
        alt=pictures.description(found.row),
        width=str(page.WIDTH - 48),
    )
    return element("div", caption, image, style="margin:16px 0 0")


def _scorecard(content: Content, scope: Scope) -> Iterable[Element]:
    suffix = f" · {scope.title}" if len(content.scopes) > 1 else ""
    yield page.styled("h2", "heading", _("Scorecard") + suffix)
    table = page.grid(role="table")
    words = (_("Indicator"), f"{_('Value')} · {_('target')}", _("Against the week before"))
    head = zip(("corner", "column", "column"), words, strict=True)
    table.append(element("tr", *(page.styled("th", style, word, scope="col") for style, word in head)))
    for area in scope.areas:
        if area.headline_rows:
            title = page.styled("th", "area", area.title, scope="colgroup", colspan="3")
            table.append(element("tr", title))
            table.extend(_line(row) for row in area.headline_rows)
    yield table


def _line(row: Row) -> Element:
    label = page.styled("th", "label", row.definition.label, scope="row")
    value = page.styled("td", "number", element("strong", row.value))
    change = page.styled("td", "number", row.change)
    for cell, text in ((label, row.state), (value, row.target)):
        if text:
            cell.append(_small(text))
    if row.direction:
        sign = page.styled("span", row.direction, f"{MARKS[row.direction]} {row.signal}")
        change.append(_small(sign))
    elif row.signal:
        change.append(_small(row.signal))
    line = element("tr", label, value, change)
    line.set("data-kpi", row.definition.name)
    return line


def _small(content: Element | str) -> Element:
    made = page.styled("span", "quiet", content)
    made.set("style", made.get("style", "") + ";display:block;margin:0;font-size:12px;white-space:normal")
    return made


def _cautions(content: Content) -> Iterable[Element]:
    if content.cautions:
        yield page.styled("h2", "heading", _("Before you trust a figure"))
        for caution in content.cautions:
            yield page.paragraph("ink", element("strong", caution.title), f": {caution.detail}")
    if content.restatements:
        yield page.paragraph("ink", _restated())


def _restated() -> str:
    return _("Past figures have changed since they were reported; the pack lists them with their causes.")


def _foot(content: Content, file_names: Sequence[str]) -> Iterable[Element]:
    yield page.styled("h2", "heading", _("About this mail"))
    for text in _small_print(content, file_names):
        yield page.paragraph("quiet", text)


def _small_print(content: Content, file_names: Sequence[str]) -> Iterable[str]:
    if file_names:
        yield _("Attached: {files}").format(files=", ".join(file_names))
    yield content.stamp_line
    yield content.filter_line
    yield from content.absences
    yield _("This mail goes to the audience “{audience}” of {company}. To leave it, answer this mail.").format(
        audience=content.readers.name, company=content.company
    )


def _text(content: Content, notice: Notice, file_names: Sequence[str]) -> str:
    parts: list[str | None] = [content.company, content.title, content.days, wrapped(content.status)]
    if notice.link:
        parts += ["", f"{notice.link.words}:", notice.link.address]
    parts.append(heading(_("What changed this week")))
    if not notice.lines:
        parts.append(wrapped(notice.nothing))
    for _direction, title, lines in _groups(notice):
        parts += [f"\n{title}", *(item(f"{line.name}: {line.sentence}") for line in lines)]
    parts += ["", wrapped(content.footnote)]
    for scope in content.scopes:
        suffix = f" · {scope.title}" if len(content.scopes) > 1 else ""
        parts.append(heading(_("Scorecard") + suffix))
        for area in scope.areas:
            if area.headline_rows:
                parts += [f"\n{area.title}", *(item(_text_line(row)) for row in area.headline_rows)]
    if content.cautions:
        parts.append(heading(_("Before you trust a figure")))
        parts += [item(f"{caution.title}: {caution.detail}") for caution in content.cautions]
    if content.restatements:
        parts += ["", wrapped(_restated())]
    parts.append(heading(_("About this mail")))
    parts += [wrapped(text) for text in _small_print(content, file_names)]
    return joined(parts)


def _text_line(row: Row) -> str:
    state = f" ({row.state})" if row.state else ""
    told = [
        f"{row.value}{state}",
        f"{_('target')} {row.target}" if row.point and row.point.target is not None else row.target,
    ]
    told.append(f"{row.change} ({row.signal})" if row.signal else row.change)
    return f"{row.definition.label}: {' · '.join(told)}"
