"""A run delivers the frozen week's pack and the alerts, once."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

from office import runs
from office.store import Office
from pipeline.failures import ExitCode
from pipeline.running import STEPS
from pipeline.settings import PROJECT_ROOT

SNAPSHOTS = PROJECT_ROOT / "data" / "sample" / "snapshots"


def test_a_run_delivers_what_is_frozen_and_what_is_new_once(
    copied_data: Path, mail_server: Callable, retaguarda: Callable
) -> None:
    room = mail_server()
    (copied_data / "audiences.yml").write_text(
        "audiences:\n  - {name: board, addresses: [ana@example.com], attachments: [], areas: [payables], alerts: [signals]}\n"
    )
    (copied_data / "delivery.yml").write_text(
        f"smtp: {{host: 127.0.0.1, port: {room.port}, security: none, from: Back office <reports@example.com>}}\n"
    )
    ended = retaguarda("run", "--once", data=copied_data)
    assert ended.returncode == ExitCode.OK, ended.stderr
    assert [mail["Subject"].split(" · ")[-1] for mail in room.mails] == ["início dos alertas"], "no week is frozen yet"
    shutil.copytree(SNAPSHOTS, copied_data / "snapshots")
    for _again in range(2):
        ended = retaguarda("run", "--once", data=copied_data)
        assert ended.returncode == ExitCode.OK, ended.stderr
    assert len(room.mails) == 2
    assert "sem. 46/2026" in room.mails[1]["Subject"]
    assert list(STEPS) == ["refresh", "deliver", "alerts"]
    assert [run.summary["alerted"]["sent"] for run in runs.listed(Office(copied_data), command="run")] == [0, 0, 1]
