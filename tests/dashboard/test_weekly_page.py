"""The page of frozen weeks: what was reported, what moved, what was restated and why, in both languages."""

from __future__ import annotations

import re
import shutil
from collections.abc import Callable
from pathlib import Path

import duckdb
import pytest

from dashboard.published import Publication, current_path
from dashboard.queries import snapshots
from dashboard.queries.definitions import definitions
from dashboard.reports.content import Readers
from dashboard.reports.pack import content_of
from kpis.restatements import CAUSES, beyond
from tests.dashboard.visiting import plain, texts, visit


@pytest.fixture
def latest(publication: Publication) -> snapshots.Snapshot:
    return snapshots.snapshots(publication)[0]


@pytest.fixture
def own_data(demo_data: Path, tmp_path: Path) -> Callable[[str], Path]:
    """A copy of the published file and of the frozen weeks; the statement given is run on the copy."""

    def copied(statement: str) -> Path:
        (tmp_path / "serving").mkdir()
        shutil.copytree(demo_data / "snapshots", tmp_path / "snapshots")
        source = current_path(demo_data)
        copy = Path(shutil.copy(source, tmp_path / "serving" / source.name))
        copy.chmod(0o644)
        (tmp_path / "serving" / "current").write_text(copy.name)
        with duckdb.connect(str(copy)) as connection:
            connection.execute(statement)
        return tmp_path

    return copied


def told(app) -> str:
    """All text of a page, letter by letter, with numbers and units in one line."""
    markup = "\n".join([*texts(app), *(str(error.value) for error in app.error)])
    return plain(re.sub(r"<[^>]+>", "", markup)).replace("\N{NO-BREAK SPACE}", " ")


@pytest.mark.parametrize(
    ("tag", "title", "words"),
    [
        ("pt-BR", "Semanas", ("O que mudou nesta semana", "Placar", "congelada", "íntegra")),
        ("en", "Weeks", ("What changed this week", "Scorecard", "frozen", "intact")),
    ],
)
def test_the_latest_week_is_read_as_the_pack_tells_it(
    demo_data: Path, publication: Publication, latest: snapshots.Snapshot, tag: str, title: str, words: tuple[str, ...]
) -> None:
    app = visit(demo_data, "weekly", lang=tag)
    assert app.title[0].value == title
    text = told(app)
    for word in words:
        assert word in text
    pack = content_of(publication, demo_data, latest.start, Readers(language=tag.replace("-", "_")))
    assert pack.exceptions
    for found in pack.exceptions:
        assert found.sentence.replace("\N{NO-BREAK SPACE}", " ") in text
    labels = definitions(publication, tag.replace("-", "_"))
    shown = [kpi.label for kpi in labels.values() if kpi.headline]
    assert all(label in text for label in shown)


def test_a_unit_and_an_area_are_read_as_reported(
    demo_data: Path, publication: Publication, latest: snapshots.Snapshot
) -> None:
    text = told(visit(demo_data, "weekly", lang="en", unit="SUL", area="payables"))
    point = snapshots.reported(publication, latest.week, "business_unit", "SUL")["days_to_pay"]
    assert f"{point.value:.1f} d" in text
    labels = definitions(publication, "en")
    assert "Net Promoter Score" not in text
    assert all(kpi.label in text for kpi in labels.values() if kpi.area == "payables")


def test_the_week_before_is_compared_as_it_was_reported(demo_data: Path, publication: Publication) -> None:
    this, before = snapshots.snapshots(publication)[:2]
    app = visit(demo_data, "weekly", lang="en", view="before")
    table = app.dataframe[0].value
    frozen = snapshots.reported(publication, this.week, "total", "total")
    assert len(table) == len(frozen)
    signals = [bool(text) for text in table["Signal"]]
    assert signals == sorted(signals, reverse=True), "what moved beyond its limits comes first"
    assert sum(signals) == sum(point.rule is not None for point in frozen.values())
    was = snapshots.reported(publication, before.week, "total", "total")["tickets_opened"].value
    line = table[table["Indicator"] == "Tickets opened"].iloc[0]
    assert (line.iloc[1], line.iloc[2]) == (f"{was:.0f}", f"{frozen['tickets_opened'].value:.0f}")
    first = snapshots.snapshots(publication)[-1].week
    alone = visit(demo_data, "weekly", lang="en", view="before", week=first)
    assert "nothing to compare with" in told(alone)


@pytest.mark.parametrize("tolerance", ["0", "0.005", "0.1", "many"])
def test_restatements_above_the_tolerance_of_the_address(
    demo_data: Path, publication: Publication, latest: snapshots.Snapshot, tolerance: str
) -> None:
    app = visit(demo_data, "weekly", lang="en", view="restated", tolerance=tolerance)
    every = snapshots.restatements(publication, latest.week, "total", "total")
    kept = beyond(every, 0.005 if tolerance == "many" else float(tolerance))
    assert f"{every.height} figures have another value today; {kept.height} beyond the tolerance." in told(app)
    assert sum(text.startswith("▸") for text in texts(app)) == min(25, kept.height)


def test_a_restated_figure_opens_to_the_rows_behind_it(
    demo_data: Path, publication: Publication, latest: snapshots.Snapshot
) -> None:
    every = snapshots.restatements(publication, latest.week, "total", "total")
    row = next(row for row in beyond(every, 0.0).iter_rows(named=True) if row["explained_by"] == "records")
    app = visit(demo_data, "weekly", lang="en", view="restated", tolerance="0", restated=f"{row['kpi']}.{row['grain']}")
    causes, rows = (frame.value for frame in app.dataframe[:2])
    counted = sum(row[f"rows_{cause}"] for cause in CAUSES)
    assert sum(int(text.replace(",", "")) for text in causes["rows_changed"]) == counted
    assert len(rows) == min(counted, 200)
    assert all(rows["file_name"])
    assert list(rows["line"]) == [line for line in rows["line"] if line > 0]
    assert sum(text.startswith("▾") for text in texts(app)) == 1
    assert set(rows["cause"]) <= {
        "arrived late",
        "corrected",
        "deleted",
        "definition changed",
        "another export, or time",
    }


def test_every_week_is_listed_with_its_state(demo_data: Path, publication: Publication) -> None:
    app = visit(demo_data, "weekly", lang="pt-BR", view="archive")
    kept = snapshots.snapshots(publication)
    assert {str(button.key) for button in app.button if str(button.key).startswith("read_")} == {
        f"read_{one.week}" for one in kept
    }
    text = told(app)
    assert text.count("íntegra") == len(kept)
    assert text.count("congelada depois") == sum(one.is_late for one in kept)
    assert text.count("números provisórios") == sum(one.is_provisional for one in kept)


def test_nothing_frozen_says_what_to_do(own_data: Callable[[str], Path]) -> None:
    data = own_data("delete from kpi.snapshot_weeks")
    shutil.rmtree(data / "snapshots")
    for tag, word in (("pt-BR", "Nenhuma semana foi congelada ainda"), ("en", "No week is frozen yet")):
        text = told(visit(data, "weekly", lang=tag))
        assert word in text
        assert "retaguarda freeze" in text


def test_a_week_that_is_over_and_not_frozen_is_said(
    own_data: Callable[[str], Path], latest: snapshots.Snapshot
) -> None:
    data = own_data(f"delete from kpi.snapshot_weeks where week = '{latest.week}'")
    text = told(visit(data, "weekly", lang="en", view="archive"))
    assert f"wk {latest.week[-2:]}/{latest.week[:4]} is over and not frozen yet" in text


def test_an_altered_week_is_told(own_data: Callable[[str], Path], latest: snapshots.Snapshot) -> None:
    """Of a week that is published, and of one that was found altered when the file was published."""
    data = own_data(f"delete from kpi.snapshot_weeks where week < '{latest.week}'")
    older = sorted(path.name for path in (data / "snapshots").glob("*-W*"))[0]
    for week in (latest.week, older):
        values = data / "snapshots" / week / "values.parquet"
        values.chmod(0o644)
        values.write_bytes(values.read_bytes()[:-1] + b"?")
    text = told(visit(data, "weekly", lang="en"))
    assert "altered" in text
    assert "values.parquet" in text
    text = told(visit(data, "weekly", lang="en", week=older))
    assert f"Week {older} is not published" in text
    assert "values.parquet" in text
    text = told(visit(data, "weekly", lang="en", view="archive"))
    assert text.count("altered") == 2
    assert "not published" in text


def test_a_wrong_address_falls_back(demo_data: Path, latest: snapshots.Snapshot) -> None:
    app = visit(demo_data, "weekly", lang="en", week="1999-W99", view="nothing", area="moon", unit="NOWHERE")
    assert f"{latest.week[-2:]}/{latest.week[:4]}" in told(app)
