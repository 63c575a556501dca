"""Restricted KPIs are in the packs of those who may see them, and in no other."""

from __future__ import annotations

import io
import zipfile
from contextvars import copy_context
from pathlib import Path

import pytest

from dashboard.language import activate
from dashboard.published import Publication
from dashboard.reports import shelf
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
    files = {name: rendered(name, contents[False]) for name in ("html", "xlsx", "pptx")}
    texts = {"html": files["html"].decode()}
    for name in ("xlsx", "pptx"):
        with zipfile.ZipFile(io.BytesIO(files[name])) as archive:
            texts[name] = "".join(archive.read(part).decode() for part in archive.namelist() if part.endswith(".xml"))
    for text in texts.values():
        assert "Custo de folha" not in text
        assert "2 indicadores restritos" in text


def rendered(name: str, content: Content) -> bytes:
    def in_language() -> bytes:
        activate("pt_BR")
        return renderer(name)(content)

    return copy_context().run(in_language)


def test_what_was_made_for_other_eyes_is_put_away_and_kept(contents: dict[bool, Content], tmp_path: Path) -> None:
    before, after = contents[True].readers.scope, contents[False].readers.scope
    shelf.put(tmp_path, contents[True], "pack.pdf", b"with payroll")
    shelf.set_aside_of_other_scope(tmp_path, "pack.pdf", before)
    assert (tmp_path / "pack.pdf").read_bytes() == b"with payroll"
    shelf.set_aside_of_other_scope(tmp_path, "pack.pdf", after)
    assert shelf.kept(tmp_path) == {}
    (aside,) = (tmp_path / shelf.EARLIER).iterdir()
    assert aside.read_bytes() == b"with payroll"
    shelf.put(tmp_path, contents[False], "pack.pdf", b"without payroll")
    assert shelf.kept(tmp_path)["pack.pdf"].scope == after
