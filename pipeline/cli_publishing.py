"""Commands from raw to what readers see: build, publish, refresh, freeze, verify."""

from __future__ import annotations

from typing import Annotated

import typer

from pipeline.cli_options import AsOfOption, DataOption, ReportFormat, ReportOption, StrictOption, chosen_folder, report
from pipeline.failures import ExitCode
from pipeline.progress import Narrator


def build(
    context: typer.Context,
    as_of: AsOfOption = None,
    output: ReportOption = ReportFormat.TEXT,
    data: DataOption = None,
) -> None:
    """Build marts and KPIs from raw into a new file, and test them. What is published stays as it is."""
    from pipeline.building import build as build_models
    from pipeline.locking import writing
    from pipeline.moments import parse_moment

    folder = chosen_folder(context, data).prepare()
    with writing(folder, "build"):
        built = build_models(folder, Narrator(), as_of=parse_moment(as_of) if as_of else None)
    report({"file": built.path, "as_of": built.as_of, **built.results.summary()}, output)


def publish(context: typer.Context, output: ReportOption = ReportFormat.TEXT, data: DataOption = None) -> None:
    """Publish the latest build: the pages show it from then on."""
    from pipeline.locking import writing
    from pipeline.publishing import publish as publish_latest

    folder = chosen_folder(context, data).prepare()
    with writing(folder, "publish"):
        publication = publish_latest(folder, Narrator())
    report(publication.as_dict(), output)


def refresh(
    context: typer.Context,
    as_of: AsOfOption = None,
    strict: StrictOption = False,
    always: Annotated[bool, typer.Option("--always", help="Build and publish even when the inbox is empty.")] = False,
    output: ReportOption = ReportFormat.TEXT,
    data: DataOption = None,
) -> None:
    """Load the inbox, archive its files by month, build and publish. For a scheduler."""
    from pipeline.moments import parse_knowledge_time
    from pipeline.refreshing import exit_code
    from pipeline.refreshing import refresh as refresh_all

    moment = parse_knowledge_time(as_of) if as_of else None
    refreshed = refresh_all(chosen_folder(context, data), Narrator(), as_of=moment, always_build=always)
    report(refreshed.as_dict(), output)
    raise typer.Exit(exit_code(refreshed, strict))


def freeze(
    context: typer.Context,
    week: Annotated[
        str | None, typer.Option("--week", metavar="WEEK", help="e.g. 2026-W46; else the last complete one.")
    ] = None,
    output: ReportOption = ReportFormat.TEXT,
    data: DataOption = None,
) -> None:
    """Keep a week's figures as they are reported, unchanged for ever. `refresh` does it when a week is complete."""
    from pipeline.freezing import freeze as freeze_week
    from pipeline.locking import writing
    from pipeline.snapshot_weeks import Week

    folder = chosen_folder(context, data).prepare()
    with writing(folder, "freeze"):
        frozen = freeze_week(folder, Narrator(), Week.parse(week) if week else None)
    report(frozen.as_dict(), output)


def verify(context: typer.Context, output: ReportOption = ReportFormat.TEXT, data: DataOption = None) -> None:
    """Check that every frozen week is what it was when it was frozen: its files, and their chain."""
    from pipeline.snapshot_verifying import verify as verify_weeks

    found = verify_weeks(chosen_folder(context, data))
    report(found.as_dict(), output)
    if output is ReportFormat.TEXT:
        for one in found.discrepancies:
            typer.echo(f"✗ {'/'.join(filter(None, (one.week, one.file)))}: {one.message}")
        if not found.weeks and not found.discrepancies:
            typer.echo("No week is frozen yet: there is nothing to verify.")
        elif not found.discrepancies:
            typer.echo(f"✓ {len(found.weeks)} weeks, {found.files} files: all as they were frozen.")
    raise typer.Exit(ExitCode.FAILED if found.discrepancies else ExitCode.OK)
