"""Builds of the project's models on raw stores of their own, going on from the project as the sample's build parsed it."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from datetime import datetime
from pathlib import Path

import pytest

from pipeline.dbt_process import building_file, dbt_options, running_dbt, target_folder
from pipeline.settings import DataFolder

BuildModels = Callable[..., Path]


@pytest.fixture(scope="session")
def build_models(demo_data: Path) -> BuildModels:
    """`build_models(folder, name, as_of, *arguments of dbt build)` builds `folder`/raw.duckdb into `folder`/`name`.duckdb.

    Unit tests are left out: the build of the sample company runs them.
    """

    def built(folder: Path, name: str, as_of: datetime, *arguments: str) -> Path:
        data = DataFolder(folder)
        target_folder(data).mkdir(parents=True, exist_ok=True)
        shutil.copy(target_folder(DataFolder(demo_data)) / "partial_parse.msgpack", target_folder(data))
        variables = json.dumps({"as_of": as_of.isoformat(sep=" ")})
        with running_dbt(data, as_of) as dbt:
            ended = dbt.run(
                ["build", *dbt_options(data), "--", "--vars", variables, "--exclude-resource-type", "unit_test",
                 *arguments],
                lambda node, index, total: None,
            )  # fmt: skip
        assert ended.exit_code == 0, "\n".join(ended.errors)
        return building_file(data).rename(folder / f"{name}.duckdb")

    return built
