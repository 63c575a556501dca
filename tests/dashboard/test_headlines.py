from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from dashboard import headlines
from dashboard.components import signals
from dashboard.headlines import Headline
from dashboard.published import Publication
from dashboard.queries.definitions import Definition, definitions
from dashboard.queries.values import Point

MONDAY = date(2026, 11, 9)
POINT = Point(
    kpi="days_to_pay", dimension="total", member="total", period_start=MONDAY, period_end=date(2026, 11, 15), value=34.0,
    low=32.0, high=36.0, n=100, numerator=None, denominator=None, mean=38.0, p80=54.0, p95=82.0, finished=100, open=20,
    state="ok", is_partial=False, previous_value=33.0, change=1.0, year_before_value=28.0, target=30.0, centre=28.0, lower_limit=24.0,
    upper_limit=32.0, is_trial=False, rule="outside", direction="worse", assurance="hit_or_miss", weeks_in_signal=3,
)  # fmt: skip


@pytest.fixture
def definition(publication: Publication) -> Definition:
    return definitions(publication, "pt_BR")["days_to_pay"]


def unit(member: str, value: float, *, n: int = 20, rule: str | None = "outside") -> Point:
    return replace(POINT, dimension="business_unit", member=member, value=value, n=n, rule=rule)


def test_the_sentence(definition: Definition) -> None:
    row = Headline(definition, POINT, None, (POINT,))
    text = headlines.sentence(row, "week", "Unidade Sul").replace("\N{NO-BREAK SPACE}", " ")
    assert text == "34,0 dias, acima dos limites há 3 semanas; principal causa: Unidade Sul"
    assert "causa" not in headlines.sentence(row, "week", None)


def test_the_main_cause_is_the_unit_that_pulls_most(definition: Definition) -> None:
    row = Headline(definition, POINT, None, (POINT,))
    members = [unit("SUL", 40.0), unit("MTZ", 33.0), unit("NE", 60.0, rule=None), unit("CO", 20.0)]
    assert headlines.main_cause(row, members) == "SUL"


def test_no_unit_is_blamed_without_a_signal_of_its_own(definition: Definition) -> None:
    row = Headline(definition, POINT, None, (POINT,))
    assert headlines.main_cause(row, [unit("SUL", 40.0, rule=None)]) is None


def test_worse_comes_before_better(definition: Definition) -> None:
    better = Headline(definition, replace(POINT, direction="better"), None, ())
    worse = Headline(definition, POINT, None, ())
    quiet = Headline(definition, replace(POINT, rule=None), None, ())
    assert headlines.signalled([better, quiet, worse]) == [worse, better]


def test_chance_counts_only_what_has_limits(definition: Definition) -> None:
    watched = Headline(definition, POINT, None, ())
    without = Headline(definition, replace(POINT, centre=None), None, ())
    assert headlines.expected_by_chance([watched] * 100 + [without] * 50) == pytest.approx(1.28)


def test_the_change_says_signal_or_noise() -> None:
    note = signals.signal_note(POINT)
    assert note is not None
    for drawn in (note.markdown, note.html):
        assert "acima dos limites" in drawn
        assert "■" in drawn, "the shape carries it where colour cannot"
    quiet = signals.signal_note(replace(POINT, rule=None))
    assert quiet is not None
    assert "ruído" in quiet.html


def test_assurance_is_qualified_while_a_signal_speaks_against_it(definition: Definition) -> None:
    passing = replace(POINT, assurance="will_pass")
    assert "se voltar ao habitual" in signals.assurance(passing, definition)
    assert "habitual" not in signals.assurance(replace(passing, rule=None), definition)
    assert "não atingida" in signals.assurance(replace(POINT, assurance=None), definition)


def test_states_are_words_and_never_zero(definition: Definition) -> None:
    for state in ("no_data", "too_few", "ambiguous", "undefined", "not_applicable"):
        point = replace(POINT, value=None, low=None, high=None, state=state)
        assert signals.value_text(point, definition) == "–"
        note = signals.state_note(state)
        assert note is not None
        assert note.text not in ("", state)
        assert note.icon
    assert signals.value_text(None, definition) == "–"
