"""Restated figures as lines of one light table: what was reported, what is known now, and the cause in short."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from html import escape
from typing import Any

from dashboard.components.linked import link
from dashboard.language import _
from dashboard.queries.definitions import Definition
from dashboard.reports.notes import cause, figure, moved


@dataclass(frozen=True)
class Line:
    """One restated figure: its row, its KPI, the words of its link, a note behind them, and where the link leads."""

    row: Mapping[str, Any]
    definition: Definition
    title: str
    place: Mapping[str, str]
    note: str = ""
    mark: str = "▸"


def lines(found: Sequence[Line], first: str) -> str:
    """The table as HTML, every text of it escaped. `first` is the title of its first column."""
    heads = (first, f"{_('As reported')} → {_('known now')}", _("Cause"))
    titles = "".join(f'<th scope="col">{escape(title)}</th>' for title in heads)
    columns = "".join(f'<col class="{name}">' for name in ("name", "value", "target"))
    body = "".join(_line(one) for one in found)
    return (
        f'<div class="restated"><table><colgroup>{columns}</colgroup><thead><tr>{titles}</tr></thead>'
        f"<tbody>{body}</tbody></table></div>"
    )


def _line(one: Line) -> str:
    reported, now = (escape(figure(one.row, side, one.definition)) for side in ("reported", "now"))
    step = "" if one.row["difference"] is None else f" <small>({escape(moved(one.row, one.definition))})</small>"
    note = f' <small class="gray">{escape(one.note)}</small>' if one.note else ""
    return (
        f'<tr class="kpi"><th scope="row"><span class="shape" aria-hidden="true">{one.mark}</span>'
        f"{link('weekly', one.title, one.place)}{note}</th>"
        f'<td class="value"><span class="gray">{reported}</span> → <b>{now}</b>{step}</td>'
        f'<td class="target"><small class="gray">{escape(cause(one.row) or _("time passed"))}</small></td></tr>'
    )
