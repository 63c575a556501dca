"""What changed in a week, in few lines: the beginning of the mail, and the whole of what a chat gets."""

from __future__ import annotations

from dashboard.language import _
from dashboard.reports.content import Content, ExceptionSentence
from dashboard.reports.links import Links
from dashboard.reports.notices import Line, Link, Notice

ORDER = ("worse", "changed", "better")


def ordered_exceptions(content: Content) -> list[ExceptionSentence]:
    """What got worse first, of whatever unit it is."""
    return sorted(content.exceptions, key=lambda found: ORDER.index(found.row.direction or "changed"))


def exception_name(found: ExceptionSentence) -> str:
    """The KPI, with its unit where the pack has several."""
    return f"{found.scope} · {found.row.definition.label}" if found.scope else found.row.definition.label


def pack_notice(content: Content, links: Links) -> Notice:
    """The exceptions of the pack as sentences, in the active language."""
    members = {id(row): scope.member for scope in content.scopes if scope.dimension != "total" for row in scope.rows}
    lines = tuple(
        Line(
            found.row.direction or "changed",
            exception_name(found),
            f"{found.sentence}.",
            links.kpi(found.row.definition.name, members.get(id(found.row), "")),
        )
        for found in ordered_exceptions(content)
    )
    address = links.week(content.week)
    return Notice(
        title=f"{content.company} · {content.title}",
        language=content.readers.language,
        status=f"{content.days} · {content.status}",
        lines=lines,
        nothing=_("Nothing beyond ordinary variation."),
        notes=(content.footnote, content.stamp_line),
        link=Link(_("Open the week in the dashboard"), address) if address else None,
    )
