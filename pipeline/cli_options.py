"""What the commands share: their options, the chosen data folder, and the report for programs."""

from __future__ import annotations

import json
from enum import StrEnum
from pathlib import Path
from typing import Annotated, Any

import typer

from pipeline.output_formats import Format
from pipeline.settings import DATA_VARIABLE, DataFolder, data_folder


class ReportFormat(StrEnum):
    """How load, build, publish, refresh and doctor report: for people, or for programs."""

    TEXT = "text"
    JSON = "json"


class Language(StrEnum):
    """Languages of templates."""

    PT_BR = "pt_BR"
    EN = "en"


class Grain(StrEnum):
    """Lengths of period."""

    WEEK = "week"
    MONTH = "month"
    QUARTER = "quarter"
    YEAR = "year"


DataOption = Annotated[
    Path | None,
    typer.Option("--data", metavar="DIR", help=f"The company's data folder; else {DATA_VARIABLE}, else ./data."),
]
ReportOption = Annotated[ReportFormat, typer.Option("--format", help="json: one object on standard output.")]
ResultOption = Annotated[Format, typer.Option("--format", help="Format of the result.")]
OutputOption = Annotated[Path | None, typer.Option("--output", "-o", metavar="FILE", help="Write here instead.")]
StrictOption = Annotated[bool, typer.Option("--strict", help="Exit with 3 also when rows were quarantined.")]
AsOfOption = Annotated[
    str | None,
    typer.Option("--as-of", metavar="DATE", help="yyyy-mm-dd (the end of that local day) or an ISO date and time."),
]
PortOption = Annotated[int, typer.Option("--port", envvar="PORT", min=1, max=65_535, help="Port on 127.0.0.1.")]


def chosen_folder(context: typer.Context, data: Path | None) -> DataFolder:
    """The folder given after the command, else before it, else by the environment."""
    return data_folder(data or context.obj)


def report(content: dict[str, Any] | list[dict[str, Any]], chosen: ReportFormat) -> None:
    """Write a report for programs; people have read the lines of progress."""
    if chosen is ReportFormat.JSON:
        typer.echo(json.dumps(content, ensure_ascii=False, indent=1, default=str))
