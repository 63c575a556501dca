"""A line of the user's crontab.

Cron knows neither the company's time zone (it may be another than the machine's) nor turns that were missed. So it only
asks every five minutes whether a run is due; the log of runs answers, and nothing is said unless something fails.
"""

from __future__ import annotations

import shlex
import shutil
import subprocess

from pipeline.failures import Failure
from pipeline.run_log import STARTED_BY_VARIABLE
from pipeline.scheduled_job import Job

WHEN = "*/5 * * * *"


def line(job: Job) -> str:
    """The line, marked at its end with the name of the job."""
    words = job.command("--quiet", *job.schedule.options)
    # Cron makes new lines of percent signs, whatever quotes they stand in.
    command = shlex.join(words).replace("%", "\\%")
    return f"{WHEN} {STARTED_BY_VARIABLE}=schedule {command} {marker(job)}"


def marker(job: Job) -> str:
    """What tells this job's line from all others."""
    return f"# {job.name}"


def with_line(crontab: str, job: Job) -> str:
    """A crontab in which this job's line stands once; every other line is left as it is."""
    own = marker(job)
    lines = crontab.splitlines()
    places = [place for place, text in enumerate(lines) if text.rstrip().endswith(f" {own}")]
    if places:
        lines[places[0]] = line(job)
        lines = [text for place, text in enumerate(lines) if place not in places[1:]]
    else:
        lines.append(line(job))
    return "\n".join(lines) + "\n"


def install(job: Job) -> list[str]:
    """Put the line into the user's crontab. Raises Failure when cron refuses."""
    if shutil.which("crontab") is None:
        raise Failure("There is no crontab here.", "Install cron, or choose another --kind.")
    listed = subprocess.run(["crontab", "-l"], capture_output=True, text=True, check=False)
    # Without a crontab it says so and ends with 1; any other complaint is one.
    if listed.returncode and "no crontab" not in listed.stderr:
        raise Failure(f"crontab -l: {listed.stderr.strip() or listed.returncode}", "Ask who runs this machine.")
    before = listed.stdout if listed.returncode == 0 else ""
    after = with_line(before, job)
    if after != before:
        ended = subprocess.run(["crontab", "-"], input=after, capture_output=True, text=True, check=False)
        if ended.returncode:
            raise Failure(f"crontab: {ended.stderr.strip() or ended.returncode}", "The crontab is as it was.")
    return [
        f"The crontab asks every five minutes; runs {job.schedule}.",
        f"Remove it: crontab -e, and delete the line that ends with {marker(job)}.",
    ]
