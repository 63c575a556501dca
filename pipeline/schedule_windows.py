"""A task of Windows' Task Scheduler that runs Retaguarda in the Windows Subsystem for Linux.

The order of the elements is that of the published schema, which the service checks.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import tempfile
import xml.etree.ElementTree as etree
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

from pipeline.failures import Failure
from pipeline.run_log import STARTED_BY_VARIABLE
from pipeline.scheduled_job import Job

NAMESPACE = "http://schemas.microsoft.com/windows/2004/02/mit/task"
PROGRAM = "wsl.exe"
TIME_LIMIT = "PT6H"


def task(job: Job, today: date, distribution: str | None = None) -> str:
    """The XML of the task; its turns begin on a day."""
    root = etree.Element("Task", {"xmlns": NAMESPACE, "version": "1.2"})
    _text(etree.SubElement(root, "RegistrationInfo"), "Description", job.description)
    triggers = etree.SubElement(root, "Triggers")
    for one in job.schedule.at or (time(0),):
        trigger = etree.SubElement(triggers, "CalendarTrigger")
        _text(trigger, "Enabled", "true")
        _text(trigger, "StartBoundary", _local(job, today, one).isoformat())
        if job.schedule.every is not None and job.schedule.every < timedelta(days=1):
            repetition = etree.SubElement(trigger, "Repetition")
            _text(repetition, "Interval", f"PT{int(job.schedule.every.total_seconds()) // 60}M")
            _text(repetition, "Duration", "P1D")
        _text(etree.SubElement(trigger, "ScheduleByDay"), "DaysInterval", "1")
    settings = etree.SubElement(root, "Settings")
    for name, value in (
        ("DisallowStartIfOnBatteries", "false"),
        ("StopIfGoingOnBatteries", "false"),
        ("MultipleInstancesPolicy", "IgnoreNew"),
        ("StartWhenAvailable", "true"),  # a turn that was missed is made up for
        ("ExecutionTimeLimit", TIME_LIMIT),
    ):
        _text(settings, name, value)
    action = etree.SubElement(etree.SubElement(root, "Actions"), "Exec")
    _text(action, "Command", PROGRAM)
    _text(action, "Arguments", arguments(job, distribution))
    etree.indent(root)
    return '<?xml version="1.0" encoding="UTF-16"?>\n' + etree.tostring(root, encoding="unicode") + "\n"


def arguments(job: Job, distribution: str | None) -> str:
    """What wsl.exe is told, quoted as Windows programs read it."""
    where = ["--distribution", distribution] if distribution else []
    return subprocess.list2cmdline(
        [*where, "--exec", "/usr/bin/env", f"{STARTED_BY_VARIABLE}=schedule", *job.command()]
    )


def install(job: Job) -> list[str]:
    """Register the task, in the place of an earlier one of the same name. Raises Failure when Windows refuses."""
    program = shutil.which("schtasks.exe") or shutil.which("schtasks")
    if program is None:
        raise Failure(
            "There is no schtasks here.",
            "Run this in the Windows Subsystem for Linux, or save what is printed without --apply as task.xml (UTF-16) "
            f"and run in Windows: schtasks /Create /TN {job.name} /XML task.xml /F",
        )
    text = task(job, datetime.now(UTC).date(), os.environ.get("WSL_DISTRO_NAME"))
    with tempfile.TemporaryDirectory() as folder:
        (Path(folder) / "task.xml").write_text(text, encoding="utf-16")
        # A Windows program cannot resolve a Linux path: it is started in the folder, and given the bare name.
        command = [program, "/Create", "/TN", job.name, "/XML", "task.xml", "/F"]
        ended = subprocess.run(command, cwd=folder, capture_output=True, text=True, errors="replace", check=False)
    if ended.returncode:
        raise Failure(f"schtasks: {ended.stderr.strip() or ended.returncode}", "Nothing was registered.")
    return [
        f"Registered the task {job.name}: runs {job.schedule}.",
        f"Remove it: schtasks /Delete /TN {job.name}",
    ]


def _local(job: Job, today: date, at: time) -> datetime:
    return datetime.combine(today, at, ZoneInfo(job.schedule.time_zone))


def _text(parent: etree.Element, name: str, text: str) -> None:
    etree.SubElement(parent, name).text = text
