"""Commands for schedulers: run, and what installs it."""

from __future__ import annotations

import os
from enum import StrEnum
from typing import TYPE_CHECKING, Annotated

import typer

from pipeline.cli_options import DataOption, chosen_folder
from pipeline.failures import ExitCode, Failure
from pipeline.progress import Narrator

if TYPE_CHECKING:
    from pipeline.schedule import Schedule
    from pipeline.settings import DataFolder

EveryOption = Annotated[str | None, typer.Option("--every", metavar="PERIOD", help="e.g. 15m, 1h, 1d.")]
AtOption = Annotated[
    list[str] | None,
    typer.Option("--at", metavar="HH:MM", help="Time of day of the company; may be given several times."),
]


class Scheduler(StrEnum):
    """Schedulers of the system that can be told to start runs."""

    SYSTEMD = "systemd"
    CRON = "cron"
    WINDOWS = "windows"


def run(
    context: typer.Context,
    every: EveryOption = None,
    at: AtOption = None,
    once: Annotated[
        bool, typer.Option("--once", help="One run, now; with --every or --at only if one is due. Then end.")
    ] = False,
    quiet: Annotated[bool, typer.Option("--quiet", help="Say only what fails.")] = False,
    data: DataOption = None,
) -> None:
    """Refresh, freeze what is complete, deliver packs that are due, send alerts: once, or whenever a run is due."""
    from pipeline.schedule import read_schedule

    schedule = read_schedule(every, at or ())
    folder, narrator = chosen_folder(context, data).prepare(), Narrator(quiet=quiet)
    if once:
        # Asked every few minutes by cron: answered before everything that a run needs is imported.
        if schedule is not None and not may_have_work(folder, narrator, schedule):
            return
        from pipeline.running import run_once, until_terminated

        with until_terminated() as is_stopping:
            raise typer.Exit(run_once(folder, narrator, is_stopping, schedule))
    if schedule is None:
        raise Failure("When to run is not said.", "Say --once, --every 1h or --at 06:00.", ExitCode.USAGE)
    from pipeline.run_loop import Loop

    raise typer.Exit(Loop(folder, narrator, schedule).run())


def may_have_work(folder: DataFolder, narrator: Narrator, schedule: Schedule) -> bool:
    """Whether something waits to be sent, or a run is due; says so when neither is."""
    from pipeline.turns import is_due
    from pipeline.waiting import is_anything_waiting

    return is_anything_waiting(folder) or is_due(folder, narrator, schedule)


def install_schedule(
    context: typer.Context,
    kind: Annotated[
        Scheduler | None, typer.Option("--kind", help="Else systemd, where it is there, or cron.", show_default=False)
    ] = None,
    every: EveryOption = None,
    at: AtOption = None,
    apply: Annotated[bool, typer.Option("--apply", help="Install it; else it is only printed.")] = False,
    data: DataOption = None,
) -> None:
    """Write what makes the system start runs: systemd units, a line of the crontab, or a task of Windows."""
    import shutil
    from datetime import UTC, datetime, timedelta

    from pipeline import schedule_cron, schedule_systemd, schedule_windows
    from pipeline.delivery_settings import read_delivery_settings
    from pipeline.schedule import Schedule, read_schedule
    from pipeline.scheduled_job import job_of

    schedule = read_schedule(every, at or ()) or Schedule(every=timedelta(hours=1))
    data_of_company, narrator = chosen_folder(context, data), Narrator()
    job = job_of(data_of_company, schedule)
    chosen = kind or (Scheduler.SYSTEMD if shutil.which("systemctl") else Scheduler.CRON)
    for variable in read_delivery_settings(data_of_company).variables:
        narrator.warn(
            f"{chosen.value} starts runs without the environment variable {variable} of this shell, which delivery.yml "
            "takes a secret from: name a file there ({file: …}), or give the variable to the scheduler."
        )
    if apply:
        installers = {
            Scheduler.SYSTEMD: schedule_systemd, Scheduler.CRON: schedule_cron, Scheduler.WINDOWS: schedule_windows,
        }  # fmt: skip
        for told in installers[chosen].install(job):
            narrator.say(told)
    elif chosen is Scheduler.SYSTEMD:
        folder = schedule_systemd.folder_of_units()
        typer.echo("\n".join(f"# {folder / name}\n{text}" for name, text in schedule_systemd.units(job).items()))
    elif chosen is Scheduler.CRON:
        typer.echo(schedule_cron.line(job))
    else:
        typer.echo(schedule_windows.task(job, datetime.now(UTC).date(), os.environ.get("WSL_DISTRO_NAME")))
