"""Commands for schedulers: run, and what installs it."""

from __future__ import annotations

from typing import Annotated

import typer

from pipeline.cli_options import DataOption, chosen_folder
from pipeline.failures import ExitCode, Failure
from pipeline.progress import Narrator

EveryOption = Annotated[str | None, typer.Option("--every", metavar="PERIOD", help="e.g. 15m, 1h, 1d.")]
AtOption = Annotated[
    list[str] | None,
    typer.Option("--at", metavar="HH:MM", help="Time of day of the company; may be given several times."),
]


def run(
    context: typer.Context,
    every: EveryOption = None,
    at: AtOption = None,
    once: Annotated[
        bool, typer.Option("--once", help="One run, now; with --every or --at only if one is due. Then end.")
    ] = False,
    data: DataOption = None,
) -> None:
    """Refresh, freeze what is complete, deliver packs that are due, send alerts: once, or whenever a run is due."""
    from pipeline.run_loop import Loop
    from pipeline.running import run_once, until_terminated
    from pipeline.schedule import read_schedule

    schedule = read_schedule(every, at or ())
    folder, narrator = chosen_folder(context, data).prepare(), Narrator()
    if once:
        with until_terminated() as is_stopping:
            raise typer.Exit(run_once(folder, narrator, is_stopping, schedule))
    if schedule is None:
        raise Failure("When to run is not said.", "Say --once, --every 1h or --at 06:00.", ExitCode.USAGE)
    raise typer.Exit(Loop(folder, narrator, schedule).run())
