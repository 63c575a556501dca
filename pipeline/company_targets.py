"""The targets of a company: those of the project, replaced by its own file beside company.yml."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import TYPE_CHECKING

import polars as pl

from kpis.targets import TARGET_COLUMNS, TargetsError, merged_targets, read_targets
from pipeline.failures import ExitCode, Failure
from pipeline.settings import PROJECT_ROOT, DataFolder

if TYPE_CHECKING:
    from kpis.catalogue import Kpi

FILE = "kpi_targets.csv"


def company_targets(
    folder: DataFolder, catalogue: Mapping[str, Kpi], units: Collection[str] | None = None
) -> pl.DataFrame:
    """The dated targets (TARGET_COLUMNS): `seeds/kpi_targets.csv`, then `kpi_targets.csv` of the data folder.

    A KPI that the company's file names has only the targets of that file. Raises Failure with NOT_PUBLISHED, naming
    file and line: a target is a decision, and half of one is none, so that the whole file is refused.
    """
    targets = pl.DataFrame(schema=TARGET_COLUMNS)
    for path, shown in ((PROJECT_ROOT / "seeds" / FILE, f"seeds/{FILE}"), (folder.root / FILE, FILE)):
        if not path.is_file():
            continue
        try:
            found = read_targets(path, shown, catalogue, units)
        except TargetsError as error:
            raise Failure(
                f"Targets are not valid. {error}", f"Mend {path} and build again.", ExitCode.NOT_PUBLISHED
            ) from error
        targets = merged_targets(targets, found)
    return targets
