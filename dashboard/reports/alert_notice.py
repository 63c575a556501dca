"""News of one audience as one message."""

from __future__ import annotations

from collections.abc import Sequence

from dashboard import formats
from dashboard.language import _, plural
from dashboard.queries.publication import Stamp
from dashboard.reports.links import Links
from dashboard.reports.notices import Line, Link, Notice

ORDER = {"worse": 0, "trouble": 1, "changed": 2, "better": 3, "recovered": 4}


def alert_notice(stamp: Stamp, lines: Sequence[Line], links: Links, *, is_first: bool = False) -> Notice:
    """The worst first, what is over last; in the active language. `is_first`: what was there when alerts began."""
    ordered = tuple(sorted(lines, key=lambda line: ORDER.get(line.mark, 2)))
    address = links.page("overview")
    return Notice(
        title=f"{stamp.company} · {_title(ordered, is_first=is_first)}"
        if stamp.company
        else _title(ordered, is_first=is_first),
        language=links.language,
        status=_("Data up to {day}, published on {moment}").format(
            day=formats.day(stamp.data_until), moment=formats.moment(stamp.published_at)
        ),
        lines=ordered,
        nothing=_("Nothing to tell at present."),
        notes=(
            _("This is how things stand as alerts begin. From now on you are told what changes.")
            if is_first
            else _("Each is told once, and again when it is over."),
        ),
        link=Link(_("Open the dashboard"), address) if address else None,
    )


def _title(lines: Sequence[Line], *, is_first: bool) -> str:
    if is_first:
        return _("alerts begin")
    if len(lines) == 1:
        return lines[0].name
    begun = sum(line.mark != "recovered" for line in lines)
    parts = []
    if begun:
        parts.append(plural("{count} alert", "{count} alerts", begun).format(count=begun))
    if len(lines) > begun:
        over = len(lines) - begun
        parts.append(plural("{count} is over", "{count} are over", over).format(count=over))
    return ", ".join(parts)
