"""What is written for schedulers is read by them: systemd, cron, and the published schema of Windows' tasks."""

from __future__ import annotations

import os
import pwd
import shlex
import shutil
import subprocess
from collections.abc import Callable, Iterator
from datetime import date, time, timedelta
from pathlib import Path
from subprocess import CompletedProcess

import pytest
from lxml import etree

from pipeline.failures import ExitCode, Failure
from pipeline.schedule import Schedule
from pipeline.schedule_cron import line, with_line
from pipeline.schedule_systemd import calendar, units
from pipeline.schedule_windows import task
from pipeline.scheduled_job import Job, job_of
from pipeline.settings import DataFolder

RunCommand = Callable[..., "CompletedProcess[str]"]
HOURLY = Schedule(every=timedelta(hours=1))
TWICE = Schedule(at=(time(6), time(18, 30)))
NASTY = 'my 100% "real" back\\office\'s $HOME'
SCRATCH_USER = "nobody"

# The part of the schema at learn.microsoft.com (Task Scheduler Schema) that is used here: elements, order and types.
TASK_SCHEMA = """
<xs:schema xmlns:xs="http://www.w3.org/2001/XMLSchema" xmlns="http://schemas.microsoft.com/windows/2004/02/mit/task"
    targetNamespace="http://schemas.microsoft.com/windows/2004/02/mit/task" elementFormDefault="qualified">
  <xs:element name="Task"><xs:complexType>
    <xs:all>
      <xs:element name="RegistrationInfo"><xs:complexType><xs:all>
        <xs:element name="Description" type="xs:string" minOccurs="0"/>
      </xs:all></xs:complexType></xs:element>
      <xs:element name="Triggers"><xs:complexType><xs:choice maxOccurs="48">
        <xs:element name="CalendarTrigger"><xs:complexType><xs:sequence>
          <xs:element name="Enabled" type="xs:boolean" minOccurs="0"/>
          <xs:element name="StartBoundary" type="xs:dateTime"/>
          <xs:element name="EndBoundary" type="xs:dateTime" minOccurs="0"/>
          <xs:element name="Repetition" minOccurs="0"><xs:complexType><xs:all>
            <xs:element name="Interval" type="xs:duration"/>
            <xs:element name="Duration" type="xs:duration" minOccurs="0"/>
          </xs:all></xs:complexType></xs:element>
          <xs:element name="ScheduleByDay"><xs:complexType><xs:sequence>
            <xs:element name="DaysInterval" type="xs:unsignedInt"/>
          </xs:sequence></xs:complexType></xs:element>
        </xs:sequence></xs:complexType></xs:element>
      </xs:choice></xs:complexType></xs:element>
      <xs:element name="Settings"><xs:complexType><xs:all>
        <xs:element name="DisallowStartIfOnBatteries" type="xs:boolean"/>
        <xs:element name="StopIfGoingOnBatteries" type="xs:boolean"/>
        <xs:element name="MultipleInstancesPolicy"><xs:simpleType><xs:restriction base="xs:string">
          <xs:enumeration value="Parallel"/><xs:enumeration value="Queue"/><xs:enumeration value="IgnoreNew"/>
        </xs:restriction></xs:simpleType></xs:element>
        <xs:element name="StartWhenAvailable" type="xs:boolean"/>
        <xs:element name="ExecutionTimeLimit" type="xs:duration"/>
      </xs:all></xs:complexType></xs:element>
      <xs:element name="Actions"><xs:complexType><xs:sequence>
        <xs:element name="Exec"><xs:complexType><xs:all>
          <xs:element name="Command" type="xs:string"/><xs:element name="Arguments" type="xs:string"/>
        </xs:all></xs:complexType></xs:element>
      </xs:sequence></xs:complexType></xs:element>
    </xs:all>
    <xs:attribute name="version" type="xs:string"/>
  </xs:complexType></xs:element>
</xs:schema>
"""


@pytest.fixture
def nasty(tmp_path: Path) -> Job:
    """A job whose program writes down what it was called with, at a path with everything that needs quoting."""
    folder = tmp_path / NASTY
    folder.mkdir()
    program = folder / "program"
    program.write_text('#!/bin/sh\nprintf "%s\\n" "$RETAGUARDA_STARTED_BY" "$@" > "$(dirname "$0")/called"\n')
    program.chmod(0o755)
    return Job("retaguarda-0000", (str(program),), folder, TWICE)


def called(job: Job) -> list[str]:
    return (job.data / "called").read_text().splitlines()


@pytest.mark.skipif(shutil.which("systemd-analyze") is None, reason="there is no systemd here")
@pytest.mark.parametrize("schedule", [HOURLY, TWICE, Schedule(every=timedelta(minutes=90))])
def test_systemd_reads_the_units(nasty: Job, tmp_path: Path, schedule: Schedule) -> None:
    job = Job(nasty.name, nasty.program, nasty.data, schedule)
    for name, text in units(job).items():
        (tmp_path / name).write_text(text)
    ended = subprocess.run(
        ["systemd-analyze", "verify", "--user", *(str(tmp_path / name) for name in units(job))],
        env=os.environ | {"XDG_RUNTIME_DIR": str(tmp_path), "SYSTEMD_UNIT_PATH": f"{tmp_path}:"},
        capture_output=True,
        text=True,
        check=False,
    )
    # Where no user session runs, it complains of that and of nothing else.
    told = [text for text in ended.stderr.splitlines() if job.name in text]
    assert told == []
    read = subprocess.run(
        ["systemd-analyze", "calendar", "--iterations=2", *calendar(schedule)], capture_output=True, text=True
    )
    assert read.returncode == 0, read.stderr


@pytest.mark.skipif(shutil.which("systemd-analyze") is None, reason="there is no systemd here")
@pytest.mark.parametrize(("minutes", "turns"), [(5, 288), (20, 72), (60, 24), (90, 16), (120, 12), (720, 2), (1440, 1)])
def test_a_period_has_as_many_turns_a_day_in_systemd_as_it_should(minutes: int, turns: int) -> None:
    found = set()
    for expression in calendar(Schedule(every=timedelta(minutes=minutes), time_zone="UTC")):
        read = subprocess.run(
            ["systemd-analyze", "calendar", f"--iterations={turns + 1}", "--base-time=2026-11-22 23:59:59 UTC", expression],
            env=os.environ | {"TZ": "UTC"}, capture_output=True, text=True, check=True,
        )  # fmt: skip
        told = [row.split(": ", 1)[1] for row in read.stdout.splitlines() if "elapse:" in row or "Iter." in row]
        found |= {one for one in told if "2026-11-23" in one}
    assert len(found) == turns


def test_a_crontab_gains_one_line_and_keeps_the_others(nasty: Job) -> None:
    others = "# mine\nMAILTO=\n0 5 * * * backup # retaguarda-1111\n"
    once = with_line(others, nasty)
    assert once.startswith(others)
    assert with_line(once, nasty) == once
    changed = with_line(once, Job(nasty.name, nasty.program, nasty.data, HOURLY))
    assert changed == others + line(Job(nasty.name, nasty.program, nasty.data, HOURLY)) + "\n"


def test_the_shell_of_cron_starts_the_program_with_its_arguments(nasty: Job) -> None:
    command = line(nasty).split(maxsplit=5)[5].replace("\\%", "%")  # as cron does before it calls the shell
    subprocess.run(["/bin/sh", "-c", command], check=True)
    expected = ["--data", str(nasty.data), "run", "--once", "--quiet", "--at", "06:00", "--at", "18:30"]
    assert called(nasty) == ["schedule", *expected]


@pytest.fixture
def scratch_crontab(tmp_path: Path) -> Iterator[Path]:
    """A folder for the PATH in which `crontab` is the real one, of another user."""
    real = shutil.which("crontab")
    if real is None:
        pytest.skip("there is no cron here: install Debian's `cron` package")
    if os.geteuid() != 0:
        pytest.skip("only root may write the crontab of another user")
    pwd.getpwnam(SCRATCH_USER)
    as_other = [real, "-u", SCRATCH_USER]
    if subprocess.run([*as_other, "-l"], capture_output=True).returncode == 0:
        pytest.skip(f"{SCRATCH_USER} has a crontab here")
    folder = tmp_path / "bin"
    folder.mkdir()
    (folder / "crontab").write_text(f'#!/bin/sh\nexec {shlex.join(as_other)} "$@"\n')
    (folder / "crontab").chmod(0o755)
    yield folder
    subprocess.run([*as_other, "-r"], capture_output=True, check=False)


def test_the_real_crontab_takes_the_line_and_is_asked_twice_without_effect(
    retaguarda: RunCommand, scratch_crontab: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", f"{scratch_crontab}:{os.environ['PATH']}")
    subprocess.run(["crontab", "-"], input="0 4 * * * backup\n", text=True, check=True)
    data = tmp_path / NASTY
    arguments = ("install-schedule", "--kind", "cron", "--apply")
    for schedule in (("--at", "06:00"), ("--at", "06:00"), ("--every", "2h")):
        ended = retaguarda(*arguments, *schedule, data=data)
        assert ended.returncode == ExitCode.OK, ended.stderr
    listed = subprocess.run(["crontab", "-l"], capture_output=True, text=True, check=True).stdout.splitlines()
    assert listed[0] == "0 4 * * * backup"
    assert len(listed) == 2
    assert "--every 2h" in listed[1]


@pytest.mark.parametrize("schedule", [HOURLY, TWICE])
def test_windows_task_is_of_the_published_schema(nasty: Job, schedule: Schedule) -> None:
    job = Job(nasty.name, nasty.program, nasty.data, schedule)
    document = etree.fromstring(task(job, date(2026, 11, 22), "Debian").encode("utf-16"))
    etree.XMLSchema(etree.fromstring(TASK_SCHEMA)).assertValid(document)
    names = {"t": document.nsmap[None]}
    starts = document.xpath("//t:StartBoundary/text()", namespaces=names)
    expected = ["2026-11-22T06:00:00-03:00", "2026-11-22T18:30:00-03:00"] if schedule is TWICE else None
    assert starts == (expected or ["2026-11-22T00:00:00-03:00"])
    assert document.xpath("//t:Interval/text()", namespaces=names) == ([] if schedule is TWICE else ["PT60M"])
    (arguments,) = document.xpath("//t:Arguments/text()", namespaces=names)
    assert arguments.startswith("--distribution Debian --exec /usr/bin/env RETAGUARDA_STARTED_BY=schedule ")
    assert str(job.data).replace('"', '\\"') in arguments


def test_printing_changes_nothing_and_wrong_wishes_are_told(retaguarda: RunCommand, tmp_path: Path) -> None:
    data = tmp_path / "data"
    data.mkdir()
    settings = "smtp: {host: h, from: a@b.example, user: u, password: {environment: MAIL_PASSWORD}}"
    (data / "delivery.yml").write_text(settings, encoding="utf-8")
    ended = retaguarda("install-schedule", "--kind", "systemd", "--every", "2h", data=data)
    assert ended.returncode == ExitCode.OK, ended.stderr
    assert "OnCalendar=*-*-* 00/2:00:00 America/Sao_Paulo" in ended.stdout
    assert "Persistent=true" in ended.stdout
    assert "MAIL_PASSWORD" in ended.stderr, "a secret that runs would not find is told"
    assert [path.name for path in data.iterdir()] == ["delivery.yml"]
    for wrong in (timedelta(minutes=7), timedelta(seconds=30), timedelta(days=2)):
        with pytest.raises(Failure, match="whole periods"):
            job_of(DataFolder(data), Schedule(every=wrong))


def test_each_data_folder_has_a_job_of_its_own(tmp_path: Path) -> None:
    first, again, second = (job_of(DataFolder(tmp_path / name), HOURLY) for name in ("a", "a", "b"))
    assert first == again
    assert first.name != second.name


@pytest.mark.parametrize("code", [0, 1])
def test_systemd_units_are_written_where_systemd_looks_and_its_refusal_is_told(
    retaguarda: RunCommand, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, code: int
) -> None:
    """Without a session of a user there is no real `systemctl --user`: this one writes down what it is told."""
    program = tmp_path / "bin" / "systemctl"
    program.parent.mkdir()
    program.write_text(f'#!/bin/sh\necho "$@" >> {tmp_path}/told\necho no session >&2\nexit {code}\n')
    program.chmod(0o755)
    monkeypatch.setenv("PATH", f"{program.parent}:{os.environ['PATH']}")
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "configuration"))
    ended = retaguarda("install-schedule", "--kind", "systemd", "--at", "06:00", "--apply", data=tmp_path / "data")
    written = {path.name: path.read_text() for path in (tmp_path / "configuration" / "systemd" / "user").iterdir()}
    job = job_of(DataFolder(tmp_path / "data"), Schedule(at=(time(6),)))
    assert written == units(job)
    if code:
        assert ended.returncode == ExitCode.FAILED
        assert "no session" in ended.stderr
        return
    told = (tmp_path / "told").read_text().splitlines()
    assert told == ["--user daemon-reload", f"--user enable {job.name}.timer", f"--user restart {job.name}.timer"]
