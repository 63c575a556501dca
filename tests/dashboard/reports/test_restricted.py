"""Restricted KPIs are in the packs of those who may see them, and in no other."""

from __future__ import annotations

from contextvars import copy_context

import pytest

from dashboard.language import activate
from dashboard.published import Publication
from dashboard.reports.content import Content, Readers
from dashboard.reports.gathering import gather
from dashboard.reports.pack import latest_week, renderer


@pytest.fixture(scope="module")
def contents(publication: Publication) -> dict[bool, Content]:
    def gathered(sees: bool) -> Content:
        activate("pt_BR")
        start = latest_week(publication)
        assert start is not None
        readers = Readers("diretoria", areas=("people", "legal"), sees_restricted=sees)
        return gather(publication, start, readers, None)

    return {sees: copy_context().run(gathered, sees) for sees in (True, False)}


def test_only_those_who_may_see_them_get_them(contents: dict[bool, Content]) -> None:
    shown = {
        sees: {row.definition.name for scope in content.scopes for row in scope.rows}
        for sees, content in contents.items()
    }
    assert shown[True] - shown[False] == {"payroll_cost_per_employee", "litigation_exposure"}
    assert "headcount" in shown[False]
    assert [contents[sees].withheld for sees in (True, False)] == [0, 2]


def test_nothing_in_the_file_tells_their_figures(contents: dict[bool, Content]) -> None:
    page = copy_context().run(lambda: (activate("pt_BR"), renderer("html")(contents[False]).decode())[1])
    assert "Custo de folha" not in page
    assert "2 indicadores restritos" in page
