"""Commands of the dashboard and of this machine: demo, serve, doctor."""

from __future__ import annotations

from typing import Annotated

import typer

from pipeline.cli_options import DataOption, PortOption, ReportFormat, ReportOption, chosen_folder, report
from pipeline.failures import ExitCode
from pipeline.progress import Narrator


def demo(
    context: typer.Context,
    no_serve: Annotated[bool, typer.Option("--no-serve", help="Load, build and publish only.")] = False,
    port: PortOption = 8501,
    data: DataOption = None,
) -> None:
    """Load, build and publish the sample company, and open the dashboard."""
    from pipeline.demonstration import prepare_demonstration
    from pipeline.serving import serve as serve_pages

    folder = chosen_folder(context, data)
    narrator = Narrator()
    prepare_demonstration(folder, narrator)
    if not no_serve:
        serve_pages(folder, narrator, port)


def serve(
    context: typer.Context,
    port: PortOption = 8501,
    host: Annotated[
        str, typer.Option("--host", help="Address to listen on; 0.0.0.0 in a container. There is no sign-in.")
    ] = "127.0.0.1",
    no_browser: Annotated[bool, typer.Option("--no-browser", help="Do not open a browser.")] = False,
    uploads: Annotated[
        bool, typer.Option("--uploads", envvar="RETAGUARDA_UPLOADS", help="Let readers of the data page load files.")
    ] = False,
    data: DataOption = None,
) -> None:
    """Serve the dashboard, on this machine only unless --host says else, until Ctrl+C."""
    from pipeline.serving import serve as serve_pages

    serve_pages(chosen_folder(context, data), Narrator(), port, host=host, browser=not no_browser, uploads=uploads)


def doctor(context: typer.Context, output: ReportOption = ReportFormat.TEXT, data: DataOption = None) -> None:
    """Check everything that a refresh and the pages need, with a remedy for what is wrong."""
    from pipeline.doctor import examine

    checks = examine(chosen_folder(context, data))
    report([check.as_dict() for check in checks], output)
    if output is ReportFormat.TEXT:
        for check in checks:
            mark = {"ok": "✓", "warning": "!", "failed": "✗"}[check.state]
            typer.echo(f"{mark} {check.name}: {check.finding}" + (f"\n    → {check.remedy}" if check.remedy else ""))
    raise typer.Exit(ExitCode.FAILED if any(check.state == "failed" for check in checks) else ExitCode.OK)
