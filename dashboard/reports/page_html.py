"""The pack as one HTML page: styles and pictures inside it, no script, nothing fetched. The PDF is printed from it."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from dashboard import formats, vocabulary
from dashboard.language import _, tag
from dashboard.reports import pictures
from dashboard.reports.content import Area, Content, Row, Scope
from dashboard.reports.markup import Element, element, page_bytes

STYLE = Path(__file__).with_name("pack.css")


def html_bytes(content: Content, further_style: str = "") -> bytes:
    """The page. Every word goes in as text of an element, so that no name of the company's can become markup."""
    page = element(
        "html",
        _head(content, further_style),
        element("body", *_header(content), element("main", *_main(content)), _footer(content)),
    )
    page.set("lang", tag(content.readers.language))
    return page_bytes(page)


def _head(content: Content, further_style: str) -> Element:
    moment = (content.frozen_at or content.stamp.published_at).strftime("%Y-%m-%dT%H:%M:%SZ")
    return element(
        "head",
        element("meta", charset="utf-8"),
        element("title", f"{content.company} · {content.title}"),
        element("meta", name="viewport", content="width=device-width, initial-scale=1"),
        element("meta", name="author", content=content.company),
        element("meta", name="generator", content="Retaguarda"),
        # Of the figures, not of the rendering: the same week gives the same file again.
        element("meta", name="dcterms.created", content=moment),
        element("meta", name="dcterms.modified", content=moment),
        element("style", STYLE.read_text(encoding="utf-8") + further_style),
    )


def _header(content: Content) -> Iterable[Element]:
    yield element(
        "header",
        element("p", content.company, class_="company"),
        element("h1", content.title),
        element("p", content.days, class_="days"),
        element("p", content.status, class_="status provisional" if content.is_provisional else "status final"),
        element("p", content.stamp_line, class_="stamp"),
        element("p", content.filter_line, class_="stamp"),
        element("p", _("Made for: {name}").format(name=content.readers.name), class_="stamp")
        if content.readers.name != "all"
        else element("span"),
    )


def _main(content: Content) -> Iterable[Element]:
    yield _exceptions(content)
    for scope in content.scopes:
        suffix = f" · {scope.title}" if len(content.scopes) > 1 else ""
        yield _scorecard(scope, suffix, content)
        for area in scope.areas:
            yield _area(scope, area, suffix)
    yield from _notes(content)
    yield _definitions(content)


def _exceptions(content: Content) -> Element:
    section = element("section", element("h2", _("What changed this week")), class_="exceptions")
    if not content.exceptions:
        section.append(element("p", _("Nothing beyond ordinary variation.")))
    else:
        items = element("ul")
        for found in content.exceptions:
            name = f"{found.scope} · {found.row.definition.label}" if found.scope else found.row.definition.label
            mark = pictures.mark(found.row.direction or "changed")
            items.append(element("li", mark, " ", element("strong", name), ": ", found.sentence, "."))
        section.append(items)
    section.append(element("p", content.footnote, class_="note"))
    return section


def _cell(row: Row, name: str) -> Element:
    """A cell of figures; a figure that cannot be shown says why."""
    match name:
        case "value":
            return element(
                "td",
                element("strong", row.value),
                element("span", row.interval, class_="small") if row.interval else None,
                element("span", row.state, class_="small state") if row.state else None,
                class_="number",
            )
        case "target":
            note = element("span", row.assurance, class_="small") if row.assurance else None
            return element("td", row.target, note, class_="number")
        case "change":
            if row.direction is None:
                note = element("span", row.signal, class_="small") if row.signal else None
            else:
                note = element("span", pictures.mark(row.direction), " ", row.signal, class_=f"small {row.direction}")
            return element("td", row.change, note, class_="number")
        case _other:
            return element("td")


def _columns() -> tuple[tuple[str, str], ...]:
    return (("value", _("Value")), ("target", _("Target")), ("change", _("Against the week before")))


def _table(*bodies: Element) -> Element:
    """The table of figures: its head once, however many areas stand below it."""
    heads = (element("th", word, scope="col") for _name, word in _columns())
    head = element("tr", element("th", _("Indicator"), scope="col"), *heads)
    return element("table", element("thead", head), *bodies, class_="figures")


def _lines(rows: Iterable[Row]) -> Element:
    body = element("tbody")
    for row in rows:
        cells = (_cell(row, name) for name, _word in _columns())
        line = element("tr", element("th", row.definition.label, scope="row"), *cells)
        line.set("data-kpi", row.definition.name)
        body.append(line)
    return body


def _anchor(scope: Scope, area: Area) -> str:
    """Where the page of an area begins; the scorecard leads there."""
    return f"{scope.dimension}-{scope.member}-{area.name}"


def _scorecard(scope: Scope, suffix: str, content: Content) -> Element:
    section = element("section", element("h2", _("Scorecard") + suffix), class_="scorecard")
    bodies = []
    for area in scope.areas:
        if area.headline_rows:
            body = _lines(area.headline_rows)
            title = element("th", element("a", area.title, href=f"#{_anchor(scope, area)}"), scope="rowgroup")
            title.set("colspan", str(len(_columns()) + 1))
            body.insert(0, element("tr", title, class_="area-name"))
            bodies.append(body)
    section.append(_table(*bodies))
    for absence in content.absences:
        section.append(element("p", absence, class_="note"))
    legend = _("Value with its 95% interval · target, and whether the process can reach it · change, signal or noise.")
    section.append(element("p", legend, class_="note"))
    return section


def _area(scope: Scope, area: Area, suffix: str) -> Element:
    title = element("h2", area.title + suffix, id=_anchor(scope, area))
    section = element("section", title, _table(_lines(area.rows)), class_="area")
    section.set("data-area", area.name)
    charts = element("div", class_="charts")
    for row in area.rows:
        picture = pictures.behaviour(row)
        if picture is not None:
            caption = element(
                "figcaption", element("strong", row.definition.label), " ", element("span", row.value, class_="figure")
            )
            charts.append(element("figure", caption, picture))
    if len(charts):
        section.append(charts)
    if area.by_unit:
        section.append(_by_unit(area))
    return section


def _by_unit(area: Area) -> Element:
    """The units side by side."""
    labels = {row.definition.name: row.definition.label for row in area.rows}
    units = list(dict.fromkeys(cell.unit for cells in area.by_unit.values() for cell in cells))
    head = element(
        "tr", element("th", _("Indicator"), scope="col"), *(element("th", unit, scope="col") for unit in units)
    )
    body = element("tbody")
    for kpi, cells in area.by_unit.items():
        known = {cell.unit: cell for cell in cells}
        line = element("tr", element("th", labels[kpi], scope="row"))
        for unit in units:
            cell = known.get(unit)
            mark = pictures.mark(cell.direction) if cell and cell.direction else None
            line.append(
                element(
                    "td",
                    mark,
                    " " if mark is not None else None,
                    cell.value if cell else formats.MISSING,
                    class_="number",
                )
            )
        body.append(line)
    return element(
        "div", element("h3", _("By business unit")), element("table", element("thead", head), body, class_="units")
    )


def _notes(content: Content) -> Iterable[Element]:
    if content.restatements:
        columns = (
            _("Indicator"),
            _("Business unit"),
            _("Week"),
            _("As reported"),
            _("Known now"),
            _("Difference"),
            _("Cause"),
        )
        rows = [(r.label, r.unit, r.week, r.reported, r.now, r.difference, r.cause) for r in content.restatements]
        yield element("section", element("h2", _("Restatements")), _plain(columns, rows))
    if content.annotations:
        columns = (_("Indicator"), _("Day"), _("Author"), _("Note"))
        rows = [(note.label, note.day, note.author, note.text) for note in content.annotations]
        yield element("section", element("h2", _("Annotations")), _plain(columns, rows))
    if content.cautions:
        rows = [(caution.title, caution.detail) for caution in content.cautions]
        yield element(
            "section", element("h2", _("Before you trust a figure")), _plain((_("Warning"), _("Indicators")), rows)
        )


def _plain(columns: Iterable[str], rows: Iterable[Iterable[str]]) -> Element:
    head = element("tr", *(element("th", column, scope="col") for column in columns))
    body = element("tbody", *(element("tr", *(element("td", text) for text in row)) for row in rows))
    return element("table", element("thead", head), body, class_="plain")


def _definitions(content: Content) -> Element:
    columns = (_("Indicator"), _("Definition"), _("Formula"), _("Owner"), _("Version"))
    rows = [
        (f"{kpi.label} ({vocabulary.kind(kpi.kind)})", kpi.definition, kpi.formula, kpi.owner, kpi.definition_hash[:8])
        for kpi in content.definitions
    ]
    return element("section", element("h2", _("Definitions and versions")), _plain(columns, rows), class_="definitions")


def _footer(content: Content) -> Element:
    return element("footer", element("p", f"{content.company} · {content.title} · {content.stamp_line}"))
