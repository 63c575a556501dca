"""Commands that send: deliver, alerts."""

from __future__ import annotations

from getpass import getuser
from pathlib import Path
from typing import Annotated

import typer

from pipeline.cli_options import DataOption, ReportFormat, ReportOption, chosen_folder, report
from pipeline.failures import ExitCode, Failure
from pipeline.progress import Narrator


def deliver(
    context: typer.Context,
    week: Annotated[
        str | None, typer.Option("--week", metavar="WEEK", help="E.g. 2026-W46; else the latest frozen one.")
    ] = None,
    audience: Annotated[
        str | None, typer.Option("--audience", metavar="NAME", help="One of audiences.yml; else all of them.")
    ] = None,
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Say what would go where, write it into files, send nothing.")
    ] = False,
    folder: Annotated[
        Path | None,
        typer.Option("--output", "-o", metavar="FOLDER", help="Files of a dry run; else beside the pack."),
    ] = None,
    test: Annotated[
        str | None, typer.Option("--test", metavar="ADDRESS", help="Send the mails, marked, to this address only.")
    ] = None,
    resend: Annotated[
        bool, typer.Option("--resend", help="Send again what failed, or what may have arrived and may not.")
    ] = False,
    wait: Annotated[
        float, typer.Option("--wait", metavar="SECONDS", min=0, help="For how long to go on trying what was not taken.")
    ] = 60,
    output: ReportOption = ReportFormat.TEXT,
    data: DataOption = None,
) -> None:
    """Send the weekly pack of a frozen week to its audiences, by mail and to chats: each recipient once."""
    from pipeline import delivering

    chosen, narrator = chosen_folder(context, data), Narrator(quiet=output is ReportFormat.JSON)
    if sum((dry_run, test is not None, resend)) > 1:
        raise Failure("--dry-run, --test and --resend exclude each other.", "Choose one.", ExitCode.USAGE)
    if dry_run:
        made = delivering.dry_run(chosen, narrator, week=week, audience=audience, output=folder)
    elif test is not None:
        made = delivering.send_test(chosen, narrator, test, week=week, audience=audience)
    else:
        made = delivering.deliver(
            chosen, narrator, week=week, audience=audience, resend=_who() if resend else None, patience_seconds=wait
        )
    report(made.as_dict(), output)
    raise typer.Exit(made.exit_code)


def alerts(
    context: typer.Context,
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Say what would be told to whom; keep and send nothing.")
    ] = False,
    resend: Annotated[
        bool, typer.Option("--resend", help="Send again the alerts of two weeks that failed or may not have arrived.")
    ] = False,
    output: ReportOption = ReportFormat.TEXT,
    data: DataOption = None,
) -> None:
    """Tell audiences once what has begun or is over: signals, targets, stale sources, failed tests, restatements."""
    from pipeline.alerting import alert

    chosen, narrator = chosen_folder(context, data), Narrator(quiet=output is ReportFormat.JSON)
    if dry_run and resend:
        raise Failure("--dry-run and --resend exclude each other.", "Choose one.", ExitCode.USAGE)
    told = alert(chosen, narrator, is_dry_run=dry_run, resend=_who() if resend else None)
    report(told.as_dict(), output)
    raise typer.Exit(told.exit_code)


def _who() -> str:
    """Who is at the command line, for the audit; in a container there may be no name."""
    try:
        return getuser()
    except (KeyError, OSError):
        return "command line"
