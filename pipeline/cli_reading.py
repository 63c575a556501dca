"""Commands that read what is published: kpi, explain, pack, sql."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from pipeline.cli_options import (
    DataOption,
    Grain,
    Language,
    OutputOption,
    ReportFormat,
    ReportOption,
    ResultOption,
    chosen_folder,
    report,
)
from pipeline.failures import ExitCode, Failure
from pipeline.output_formats import Format, write_result
from pipeline.progress import Narrator


def kpi(
    context: typer.Context,
    name: Annotated[str | None, typer.Argument(help="Name of the KPI, e.g. days_to_pay.")] = None,
    grain: Annotated[Grain, typer.Option("--grain", help="Length of a period.")] = Grain.MONTH,
    by: Annotated[str | None, typer.Option("--by", metavar="DIMENSION", help="A row a member of it.")] = None,
    start: Annotated[str | None, typer.Option("--from", metavar="D", help="First day of the earliest period.")] = None,
    end: Annotated[str | None, typer.Option("--to", metavar="D", help="Latest first day of a period.")] = None,
    everything: Annotated[bool, typer.Option("--list", help="List the KPIs.")] = False,
    language: Annotated[Language, typer.Option("--language", "-l", help="Language of the list.")] = Language.PT_BR,
    chosen: ResultOption = Format.TABLE,
    output: OutputOption = None,
    data: DataOption = None,
) -> None:
    """Published values of one KPI, with interval, n, components, target and state; or, with --list, all KPIs."""
    from pipeline.moments import parse_day
    from pipeline.querying import kpi_list, kpi_values

    if everything:
        write_result(kpi_list(language.value), chosen, output)
        return
    if name is None:
        raise Failure("No KPI is named.", "List them with `retaguarda kpi --list`.", ExitCode.USAGE)
    frame = kpi_values(
        chosen_folder(context, data),
        name,
        grain=grain.value,
        by=by,
        start=parse_day(start) if start else None,
        end=parse_day(end) if end else None,
    )
    write_result(frame, chosen, output)


def explain(
    context: typer.Context,
    name: Annotated[str, typer.Argument(help="Name of the KPI, e.g. days_to_pay.")],
    language: Annotated[Language, typer.Option("--language", "-l", help="Language of the words.")] = Language.PT_BR,
    grain: Annotated[Grain, typer.Option("--grain", help="Length of a period.")] = Grain.MONTH,
    output: ReportOption = ReportFormat.TEXT,
    data: DataOption = None,
) -> None:
    """What a KPI means: definition, authority, traps, lineage, SQL, versions, warnings and its latest values."""
    from pipeline.explaining import explain as explain_kpi
    from pipeline.explaining import explanation_text

    found = explain_kpi(chosen_folder(context, data), name, language=language.value, grain=grain.value)
    report(found, output)
    if output is ReportFormat.TEXT:
        typer.echo(explanation_text(found, language.value))


def pack(
    context: typer.Context,
    week: Annotated[
        str | None, typer.Option("--week", metavar="WEEK", help="E.g. 2026-W46; else the latest complete.")
    ] = None,
    audience: Annotated[
        str | None, typer.Option("--audience", metavar="NAME", help="One of audiences.yml; else everything is shown.")
    ] = None,
    language: Annotated[Language | None, typer.Option("--language", "-l", help="Language of the pack.")] = None,
    formats: Annotated[
        str, typer.Option("--format", metavar="LIST", help="Which files to make.")
    ] = "html,pdf,xlsx,pptx",
    folder: Annotated[
        Path | None,
        typer.Option("--output", "-o", metavar="FOLDER", help="Else reports/<week>/<audience>/ of the data."),
    ] = None,
    output: Annotated[
        ReportFormat, typer.Option("--report", help="json: one object on standard output.")
    ] = ReportFormat.TEXT,
    data: DataOption = None,
) -> None:
    """Make the weekly pack: what changed, scorecard, a page an area, as HTML, PDF, XLSX and PPTX with the same numbers."""
    from pipeline.packing import pack as make_pack

    made = make_pack(
        chosen_folder(context, data),
        Narrator(quiet=output is ReportFormat.JSON),
        week=week,
        audience=audience,
        language=language.value if language else None,
        formats=formats,
        output=folder,
    )
    report(made.as_dict(), output)


def sql(
    context: typer.Context,
    statement: Annotated[str, typer.Argument(help="One statement; tables are in marts, metrics, kpi and meta.")],
    chosen: ResultOption = Format.TABLE,
    output: OutputOption = None,
    timeout: Annotated[float, typer.Option("--timeout", min=0.1, metavar="SECONDS", help="Stop after this.")] = 60,
    memory: Annotated[int, typer.Option("--memory", min=64, metavar="MIB", help="Memory it may use.")] = 2048,
    data: DataOption = None,
) -> None:
    """Ask the published file in SQL: read-only, without access to other files."""
    from pipeline.querying import sql as ask

    frame = ask(chosen_folder(context, data), statement, timeout_seconds=timeout, memory_mebibytes=memory)
    write_result(frame, chosen, output)
