"""Customers: how the answers are spread, and what detractors write."""

from __future__ import annotations

import polars as pl

from dashboard import formats
from dashboard.charts.bars import Bar, columns
from dashboard.charts.template import BETTER, ORDINARY, WORSE
from dashboard.components.area import empty, grain, listing, panel, recent_words
from dashboard.language import _
from dashboard.published import Publication
from dashboard.queries.areas import area_table

SHOWN = 15  # comments


def score_distribution(publication: Publication, unit: str) -> None:
    """Answers by score, 0 to 10, coloured as detractors, passives and promoters."""
    question = _("How do customers score us?")
    counts = dict(area_table(publication, "score_counts", unit, grain()).iter_rows())
    if not counts:
        empty(
            publication,
            "fct_survey_responses",
            unit,
            question,
            _("No answer: {span}.").format(span=recent_words(grain())),
        )
        return
    bars = [
        Bar(
            str(score),
            counts.get(score, 0),
            formats.number(counts.get(score, 0)),
            WORSE if score <= 6 else ORDINARY if score <= 8 else BETTER,
        )
        for score in range(11)
    ]
    every = sum(counts.values())

    def share(first: int, last: int) -> str:
        return formats.percent(sum(counts.get(score, 0) for score in range(first, last + 1)) / every, 0)

    answer = _("{promoters} promoters, {passives} passives, {detractors} detractors of {count} answers, {span}.").format(
        promoters=share(9, 10), passives=share(7, 8), detractors=share(0, 6), count=formats.number(every),
        span=recent_words(grain()),
    )  # fmt: skip
    table = pl.DataFrame({"score": list(range(11)), "responses": [counts.get(score, 0) for score in range(11)]})
    panel(publication, question, answer, columns(bars), "score_counts", table, kpi="nps",
          note=_(":orange[■] detractors 0–6 · :gray[■] passives 7–8 · :blue[■] promoters 9–10"))  # fmt: skip


def detractor_comments(publication: Publication, unit: str) -> None:
    """What detractors wrote, latest first, with file and line."""
    comments = area_table(publication, "comments", unit, grain())
    answer = _("No comment by a detractor: {span}.").format(span=recent_words(grain())) if comments.is_empty() else ""
    listing(
        publication,
        "fct_survey_responses",
        unit,
        _("What do detractors write?"),
        answer,
        comments.head(SHOWN),
        kpi="nps",
    )
