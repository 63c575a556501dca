"""A notice as a letter: an alert, say. The same frame as the weekly mail, without pictures and files."""

from __future__ import annotations

from collections.abc import Sequence

from dashboard.language import _
from dashboard.reports import letter_html as page
from dashboard.reports.letter import Letter
from dashboard.reports.letter_text import heading, item, joined, wrapped
from dashboard.reports.markup import Child
from dashboard.reports.notices import Notice

COLOURS = {"better": "better", "worse": "worse", "changed": "changed", "recovered": "better", "trouble": "worse"}


def notice_letter(notice: Notice, audience: str) -> Letter:
    """The letter to an audience, in the active language (the notice's)."""
    way_out = _("This mail goes to the audience “{audience}”. To leave it, answer this mail.")
    notes = (*notice.notes, way_out.format(audience=audience))
    body: list[Child] = [page.styled("h1", "title", notice.title)]
    if notice.status:
        body.append(page.paragraph("status", notice.status))
    for line in notice.lines:
        sign = page.styled("span", COLOURS[line.mark], f"{line.sign} ") if line.mark else None
        body.append(page.paragraph("ink", sign, page.linked("name", line.name, line.link), ": ", line.sentence))
    if not notice.lines and notice.nothing:
        body.append(page.paragraph("ink", notice.nothing))
    if notice.link:
        body.append(page.button(notice.link.words, notice.link.address))
    body += [page.paragraph("quiet", note) for note in notes]
    first_words = " · ".join(f"{line.name}: {line.sentence}" for line in notice.lines[:3])
    return Letter(
        subject=notice.title,
        language=notice.language,
        text=_text(notice, notes),
        html=page.page(notice.title, notice.language, first_words, body),
    )


def _text(notice: Notice, notes: Sequence[str]) -> str:
    lines = [item(f"{line.sign} {line.name}: {line.sentence}".strip()) for line in notice.lines]
    parts = [
        heading(notice.title),
        wrapped(notice.status) if notice.status else None,
        "",
        *(lines or [wrapped(notice.nothing)]),
        *(["", f"{notice.link.words}:", notice.link.address] if notice.link else []),
        "",
        *(wrapped(note) for note in notes),
    ]
    return joined(parts)
