"""Customers: how the answers are spread, and what detractors write."""

from __future__ import annotations

import polars as pl

from dashboard import formats, vocabulary
from dashboard.charts.bars import Bar, columns, horizontal_bars
from dashboard.charts.template import BETTER, ORDINARY, WORSE
from dashboard.components.area import empty, grain, listing, panel, recent_words
from dashboard.language import _, active
from dashboard.published import Publication
from dashboard.queries.areas import area_table
from dashboard.queries.definitions import definitions
from kpis.intervals import net_promoter_interval

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


def score_by_segment(publication: Publication, unit: str) -> None:
    """The score of each segment with its interval, the lowest first; segments with too few answers are counted."""
    question = _("Who is least satisfied?")
    definition = definitions(publication, active()).get("nps")
    rows = area_table(publication, "score_by_segment", unit, grain())
    if rows.is_empty() or definition is None:
        empty(publication, "fct_survey_responses", unit, question,
              _("No answer: {span}.").format(span=recent_words(grain())))  # fmt: skip
        return
    bars, table, bounds = [], [], []
    for member, promoters, detractors, responses in rows.iter_rows():
        if responses < definition.minimum_n:
            continue
        score = 100 * (promoters - detractors) / responses
        low, high = net_promoter_interval(promoters, detractors, responses)
        label, between = vocabulary.member(member), formats.interval(low, high, "points")
        text = f"{formats.number(score, signed=True)} ({between}) · n {formats.number(responses)}"
        bars.append(Bar(label, score, text, WORSE if score < 0 else ORDINARY))
        bounds.append((score, low, high))
        table.append((label, score, between, responses))
    few = rows.height - len(bars)
    note = _("Score with its 95% interval and the number of answers.")
    if few:
        note += " " + _("Segments with too few answers are not drawn ({count}).").format(count=formats.number(few))
    if not bars:
        empty(publication, "fct_survey_responses", unit, question, note)
        return
    bars.sort(key=lambda bar: bar.value)
    answer = _("{segment}: {score}, {span}.").format(
        segment=bars[0].label, score=formats.number(bars[0].value, signed=True), span=recent_words(grain())
    )
    if len(bars) > 1 and min(bounds)[2] >= max(bounds)[1]:
        answer += " " + _("The intervals overlap: the segments may well be alike.")
    frame = pl.DataFrame(table, schema=["segment", "score", "interval", "responses"], orient="row")
    panel(publication, question, answer, horizontal_bars(bars), "score_by_segment", frame, kpi="nps", note=note)


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
