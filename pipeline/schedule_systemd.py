"""A systemd service and its timer, as units of the user."""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Mapping, Sequence
from pathlib import Path

from pipeline.durable import write_text
from pipeline.failures import Failure
from pipeline.run_log import STARTED_BY_VARIABLE
from pipeline.schedule import Schedule
from pipeline.scheduled_job import Job

SERVICE = """\
[Unit]
Description={description}

[Service]
Type=oneshot
# systemd refuses names of programs with spaces or quotes: env does not.
ExecStart=/usr/bin/env {started_by}=schedule {command}
# 3: done, though a file was rejected; 5: another run or load was at work; 143: told to end, and ended.
SuccessExitStatus=3 5 143
# A run that is told to end finishes its step.
KillMode=mixed
TimeoutStopSec=15min
Nice=10
"""
TIMER = """\
[Unit]
Description={description}

[Timer]
{calendar}
Persistent=true
AccuracySec=30s

[Install]
WantedBy=timers.target
"""


def units(job: Job) -> dict[str, str]:
    """The text of both units, by file name."""
    description = job.description.replace("%", "%%")
    return {
        f"{job.name}.service": SERVICE.format(
            description=description,
            started_by=STARTED_BY_VARIABLE,
            command=" ".join(quoted(part) for part in job.command()),
        ),
        f"{job.name}.timer": TIMER.format(
            description=description, calendar="\n".join(f"OnCalendar={one}" for one in calendar(job.schedule))
        ),
    }


def quoted(text: str) -> str:
    """A word of a command as systemd reads it: no word splitting, no variables, no specifiers."""
    plain = text.replace("\\", "\\\\").replace('"', '\\"').replace("%", "%%").replace("$", "$$")
    return f'"{plain}"'


def calendar(schedule: Schedule) -> list[str]:
    """The turns as calendar expressions, in the time zone of the company."""
    zone = schedule.time_zone
    if schedule.every is None:
        return [f"*-*-* {one:%H:%M}:00 {zone}" for one in schedule.at]
    minutes = int(schedule.every.total_seconds()) // 60
    if minutes == 24 * 60:
        return [f"*-*-* 00:00:00 {zone}"]
    if minutes % 60 == 0:
        return [f"*-*-* 00/{minutes // 60}:00:00 {zone}"]
    if 60 % minutes == 0:
        return [f"*-*-* *:00/{minutes}:00 {zone}"]
    # 90 minutes, say: every turn of the day by itself.
    return [f"*-*-* {turn // 60:02d}:{turn % 60:02d}:00 {zone}" for turn in range(0, 24 * 60, minutes)]


def folder_of_units(environment: Mapping[str, str] = os.environ) -> Path:
    """Where systemd looks for units of the user."""
    configuration = environment.get("XDG_CONFIG_HOME")
    return (Path(configuration) if configuration else Path.home() / ".config") / "systemd" / "user"


def install(job: Job) -> list[str]:
    """Write the units, and start the timer. Raises Failure when systemd refuses."""
    if shutil.which("systemctl") is None:
        raise Failure("There is no systemd here.", "Choose --kind cron.")
    folder = folder_of_units()
    folder.mkdir(parents=True, exist_ok=True)
    for name, text in units(job).items():
        write_text(folder / name, text)
    _systemctl("daemon-reload")
    _systemctl("enable", f"{job.name}.timer")
    _systemctl("restart", f"{job.name}.timer")
    return [
        f"Installed {folder / job.name}.timer: runs {job.schedule}.",
        "It runs while you are logged in; `loginctl enable-linger` lets it run always.",
        f"Remove it: systemctl --user disable --now {job.name}.timer, and delete both files.",
    ]


def _systemctl(*arguments: str) -> None:
    command: Sequence[str] = ("systemctl", "--user", *arguments)
    ended = subprocess.run(command, capture_output=True, text=True, check=False)
    if ended.returncode:
        raise Failure(
            f"{' '.join(command)}: {ended.stderr.strip() or ended.returncode}",
            "The units are written. Log in as the user whom they belong to and try again, or choose --kind cron.",
        )
