"""The areas of a company of hostile names, and of one that exports nothing."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from pathlib import Path
from unittest.mock import patch

import duckdb
import pytest

from dashboard.published import Publication, current, current_path
from tests.dashboard.visiting import CHARTS, figures, texts, visit


@pytest.fixture(scope="module")
def changed_data(demo_data: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """A copy of what is served, to change; nothing is opened from it yet."""
    folder = tmp_path_factory.mktemp("changed")
    (folder / "serving").mkdir()
    source = current_path(demo_data)
    for name in ("hostile.duckdb", "empty.duckdb"):
        (folder / name).write_bytes(source.read_bytes())
    yield folder
    for name in ("hostile", "empty"):
        if (folder / name / "serving" / "current").is_file():
            current(folder / name).close()


def serve(folder: Path, name: str, statements: list[str]) -> Path:
    """A data folder that serves the copy `name`, changed by the statements."""
    data = folder / name
    (data / "serving").mkdir(parents=True)
    path = data / "serving" / f"{name}.duckdb"
    (folder / f"{name}.duckdb").rename(path)
    with duckdb.connect(str(path)) as connection:
        for statement in statements:
            connection.execute(statement)
    (data / "serving" / "current").write_text(path.name)
    return data


def test_hostile_names_stay_text_in_the_charts(changed_data: Path) -> None:
    hostile = "<b>x</b> [click](https://example.org) " + "long " * 30
    data = serve(
        changed_data, "hostile",
        [
            f"update marts.fct_supplier_invoices set supplier_name = '{hostile}'",
            f"update marts.fct_service_days set service = '{hostile}'",
            f"update marts.fct_fiscal_transmissions set status_reason = '{hostile}'",
            f"update marts.fct_maintenance_orders set asset_class = '{hostile}'",
            f"update marts.fct_headcount_days set department = '{hostile}'",
        ],
    )  # fmt: skip
    for area in ("procurement", "it", "fiscal", "facilities", "people"):
        app = visit(data, area, lang="en", grain="quarter")
        spec = json.dumps(figures(app))
        assert "<b>x" not in spec
        assert "&lt;b&gt;x" in spec, area
        assert not any("](https" in text.replace("\\]", "") for text in texts(app)), area


def test_an_empty_company_is_told_so(changed_data: Path, publication: Publication) -> None:
    """A company that exports nothing of an area has a page of sentences: no chart of nothing, no error."""
    tables = publication.fetch(
        "select table_schema, table_name from information_schema.tables"
        " where table_schema in ('marts', 'metrics') and table_name not like 'dim_%'"
    )
    emptied = [f"delete from {schema}.{name}" for schema, name in tables.iter_rows()]
    cleared = ["delete from kpi.life_tables", "delete from kpi.kpi_values"]
    data = serve(changed_data, "empty", [*emptied, *cleared])
    app = visit(data, "overview", lang="en")
    with patch.dict(os.environ, {"RETAGUARDA_DATA": str(data)}):
        for area, charts in CHARTS.items():
            app.switch_page(f"app_pages/{area}.py").run()
            assert not app.exception, (area, [problem.value for problem in app.exception])
            assert not figures(app), area
            headings = len(app.main.header)
            assert headings >= charts, area
            # Good news would be a guess: where nothing was loaded, nothing is late either.
            assert texts(app).count("No record is known yet.") == headings, area
