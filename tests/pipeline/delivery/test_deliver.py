"""`retaguarda deliver` with the sample company's frozen week: who gets what, once, and what is said about the rest."""

from __future__ import annotations

import fcntl
import json
import os
import random
import shutil
import signal
import subprocess
import sys
import time
from collections import Counter
from contextlib import suppress
from dataclasses import dataclass
from email import message_from_bytes
from email.policy import default
from pathlib import Path
from typing import Any

import pytest

from office import messages, runs
from office.store import FILE_NAME, Office
from pipeline.delivering import Delivered, deliver, dry_run, send_test
from pipeline.failures import ExitCode, Failure
from pipeline.progress import Narrator
from pipeline.sending import LOCK
from pipeline.settings import DataFolder

PROJECT = Path(__file__).resolve().parents[3]
QUIET = Narrator(quiet=True)
HOOKS = {"ops": "slack", "sala": "teams"}
AUDIENCES = """
audiences:
  - name: board
    addresses: [ana@example.com, Bia@example.com]
    webhooks: [ops]
    language: en
    areas: [customers]
    attachments: [xlsx]
  - name: south
    addresses: [caio@example.com]
    webhooks: [sala]
    areas: [payables]
    units: [SUL]
    attachments: []
"""


# The command itself, at every line of its input, without the time that imports take.
COMMAND = """
import os
import sys
import dashboard.reports.page_html, dashboard.reports.workbook, pipeline.delivering, requests
from pipeline.cli import app
for _line in sys.stdin:
    child = os.fork()
    if not child:
        app(["--data", sys.argv[1], "deliver", "--wait", "0"])
    print(child, flush=True)
    print(os.waitpid(child, 0)[1], flush=True)
"""


@pytest.fixture(scope="module")
def published(demo_data: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The published file and the frozen weeks; packs that a test has made serve the next one."""
    data = tmp_path_factory.mktemp("delivered") / "data"
    for name in ("serving", "snapshots"):
        shutil.copytree(demo_data / name, data / name)
    return data


@dataclass(frozen=True)
class Company:
    """A data folder with its servers."""

    folder: DataFolder
    room: Any
    receiver: Any

    @property
    def office(self) -> Office:
        return Office(self.folder.root)

    def states(self) -> dict[str, str]:
        return {message.recipient: message.state for message in messages.listed(self.office)}


@pytest.fixture
def company(published: Path, mail_server, receiver, tmp_path: Path) -> Company:
    for file in published.glob(f"{FILE_NAME}*"):
        file.unlink()
    (published / "audiences.yml").write_text(AUDIENCES, encoding="utf-8")
    address = tmp_path / "address"
    address.write_text(receiver.address, encoding="utf-8")
    address.chmod(0o600)
    room = mail_server()
    hooks = "".join(f"  {name}: {{style: {style}, url: {{file: {address}}}}}\n" for name, style in HOOKS.items())
    (published / "delivery.yml").write_text(
        f"smtp: {{host: 127.0.0.1, port: {room.port}, security: none, from: Relatórios <reports@aurora.example>}}\n"
        f"webhooks:\n{hooks}public_url: https://numbers.example.com/\n"
        "retries: {first_seconds: 0.05, longest_seconds: 0.1}\n",
        encoding="utf-8",
    )
    return Company(DataFolder(published), room, receiver)


def states(delivered: Delivered) -> dict[str, str]:
    return {delivery.recipient: delivery.state for delivery in delivered.deliveries}


def test_a_week_is_delivered_once_and_to_each_alone(company: Company) -> None:
    first = deliver(company.folder, QUIET)
    assert first.exit_code is ExitCode.OK
    assert states(first) == dict.fromkeys(
        ("ana@example.com", "Bia@example.com", "ops", "caio@example.com", "sala"), "sent"
    )
    assert sorted(company.room.recipients) == ["Bia@example.com", "ana@example.com", "caio@example.com"]
    by_address = dict(company.room.taken)
    assert b"Bia@" not in by_address["ana@example.com"]
    mails = {mail["To"]: mail for mail in company.room.mails}
    assert mails["ana@example.com"]["Subject"].startswith("Weekly pack")
    assert mails["caio@example.com"]["Subject"].startswith("Relatório semanal")
    shelf = company.folder.root / "reports" / first.week / "board"
    attached = next(one for one in mails["ana@example.com"].iter_attachments() if one.get_filename())
    assert attached.get_content() == (shelf / attached.get_filename()).read_bytes()
    assert [one for one in mails["caio@example.com"].iter_attachments() if one.get_filename()] == []
    assert f"/weekly?week={first.week}&lang=en" in str(mails["ana@example.com"].get_body(("plain",)).get_content())
    slack, teams = sorted(company.receiver.received, key=lambda card: "attachments" in card)
    assert slack["blocks"][0]["text"]["text"].endswith("wk\N{NO-BREAK SPACE}46/2026")
    assert teams["attachments"][0]["content"]["lang"] == "pt-BR"
    # Again, and again after somebody has joined.
    assert deliver(company.folder, QUIET).exit_code is ExitCode.OK
    assert len(company.room.taken) == 3
    audiences = company.folder.root / "audiences.yml"
    audiences.write_text(
        AUDIENCES.replace("[caio@example.com]", "[caio@example.com, davi@example.com]"), encoding="utf-8"
    )
    assert states(deliver(company.folder, QUIET))["davi@example.com"] == "sent"
    assert company.room.recipients[3:] == ["davi@example.com"]
    assert len(company.receiver.received) == 2


def test_a_refused_address_is_kept_and_sent_again_when_asked(company: Company) -> None:
    company.room.refusals = {"Bia@example.com": "550 5.1.1 no such user"}
    first = deliver(company.folder, QUIET, audience="board")
    assert first.exit_code is ExitCode.FAILED
    assert first.trouble == f"{first.week}: 2 of 3 recipients have it. Of this time: 1 failed."
    (entered,) = runs.listed(company.office, command="deliver")
    assert (entered.state, entered.message) == (runs.FAILED, first.trouble)
    assert company.states() == {"ana@example.com": "sent", "Bia@example.com": "failed", "ops": "sent"}
    error = next(one.error for one in first.deliveries if one.recipient == "Bia@example.com")
    assert "550 5.1.1 no such user" in (error or "")
    company.room.refusals = {}
    assert deliver(company.folder, QUIET, audience="board").exit_code is ExitCode.OK  # not by itself
    assert company.room.recipients == ["ana@example.com"]
    assert states(deliver(company.folder, QUIET, audience="board", resend="ana"))["Bia@example.com"] == "sent"
    assert company.room.recipients == ["ana@example.com", "Bia@example.com"]
    assert len(company.receiver.received) == 1


def test_who_has_left_gets_nothing(company: Company, capsys: pytest.CaptureFixture[str]) -> None:
    settings = company.folder.root / "delivery.yml"
    settings.write_text(
        settings.read_text(encoding="utf-8").replace("0.05", "900").replace("0.1}", "900}"), encoding="utf-8"
    )
    company.room.answers = ["451 later"] * 2
    assert deliver(company.folder, QUIET, audience="board").exit_code is ExitCode.FAILED
    assert company.states()["Bia@example.com"] == "waiting"
    assert deliver(company.folder, Narrator(), audience="board").exit_code is ExitCode.FAILED
    assert "Bia@example.com: waiting (" in " ".join(capsys.readouterr().err.split()), "why it is not done"
    (company.folder.root / "audiences.yml").write_text(AUDIENCES.replace(", Bia@example.com", ""), encoding="utf-8")
    with company.office.writing() as connection:
        connection.execute("update outbox set next_attempt_at = created_at")
    assert deliver(company.folder, QUIET, audience="board").exit_code is ExitCode.OK
    assert company.room.recipients == ["ana@example.com"]
    assert company.states()["Bia@example.com"] == "withdrawn"
    (company.folder.root / "audiences.yml").write_text(AUDIENCES, encoding="utf-8")
    deliver(company.folder, QUIET, audience="board")
    assert company.room.recipients == ["ana@example.com"]
    deliver(company.folder, QUIET, audience="board", resend="ana")
    assert company.room.recipients == ["ana@example.com", "Bia@example.com"]


def test_a_dry_run_and_a_test_leave_no_trace(company: Company, tmp_path: Path) -> None:
    found = dry_run(company.folder, QUIET, output=tmp_path / "out")
    assert set(states(found).values()) == {"new"}
    assert company.room.taken == company.receiver.received == []
    files = {delivery.recipient: Path(delivery.file or "") for delivery in found.deliveries}
    mail = message_from_bytes(files["ana@example.com"].read_bytes(), policy=default)
    assert mail["To"] == "ana@example.com"
    assert json.loads(files["ops"].read_text(encoding="utf-8"))["blocks"]
    send_test(company.folder, QUIET, "me@example.com")
    assert company.room.recipients == ["me@example.com", "me@example.com"]
    assert sorted(mail["Subject"].split("]")[0] for mail in company.room.mails) == ["[Test", "[Teste"]
    assert company.receiver.received == []
    assert not (company.folder.root / FILE_NAME).exists()


def test_the_command_says_what_it_did_and_no_secret(retaguarda, company: Company) -> None:
    ended = retaguarda("deliver", "--audience", "south", "--wait", 0, "--format", "json", data=company.folder.root)
    assert ended.returncode == 0, ended.stderr
    told = json.loads(ended.stdout)
    assert [(one["recipient"], one["state"]) for one in told["deliveries"]] == [
        ("caio@example.com", "sent"),
        ("sala", "sent"),
    ]
    company.receiver.answers = [(404, {}, f"no hook at {company.receiver.address}")]
    company.room.answers = ["451 later"] * 9
    ended = retaguarda("deliver", "--audience", "board", "--wait", 0, data=company.folder.root)
    assert ended.returncode == 1
    assert "451 later" in ended.stderr
    assert "404" in ended.stderr
    text = ended.stdout + ended.stderr + "".join(str(one) for one in messages.listed(company.office))
    assert "SECRET-PATH" not in text
    assert "Traceback" not in text


@pytest.mark.lengthy
def test_the_command_killed_at_any_moment_delivers_nothing_twice(company: Company) -> None:
    addresses = [f"reader{number}@example.com" for number in range(30)]
    text = AUDIENCES.replace("[ana@example.com, Bia@example.com]", f"[{', '.join(addresses)}]")
    (company.folder.root / "audiences.yml").write_text(text, encoding="utf-8")
    company.room.slowness = 0.1
    kills = 0
    with subprocess.Popen(
        [sys.executable, "-c", COMMAND, str(company.folder.root)],
        cwd=PROJECT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True,
    ) as mother:  # fmt: skip
        assert mother.stdin is not None
        assert mother.stdout is not None
        for _ in range(20):
            mother.stdin.write("\n")
            mother.stdin.flush()
            child = int(mother.stdout.readline())
            time.sleep(random.uniform(0, 4))
            with suppress(ProcessLookupError):
                os.kill(child, signal.SIGKILL)
            kills += int(mother.stdout.readline()) == signal.SIGKILL
        mother.stdin.close()
    last = deliver(company.folder, QUIET, patience_seconds=5)
    time.sleep(0.5)
    arrived = Counter(company.room.recipients)
    assert kills >= 8
    assert not {address for address, times in arrived.items() if times > 1}
    assert set(states(last).values()) <= {"sent", "uncertain"}
    assert not [who for who, state in states(last).items() if "@" in who and state == "sent" and not arrived[who]]
    assert len(company.receiver.received) <= 2


@pytest.mark.parametrize(
    ("wish", "words"),
    [
        ({"audience": "nobody"}, "no audience"),
        ({"week": "2026-W60"}, "not a week"),
        ({"week": "2026-W30"}, "is not frozen"),
    ],
)
def test_wrong_wishes_are_told(company: Company, wish: dict[str, str], words: str) -> None:
    with pytest.raises(Failure, match=words) as refused:
        deliver(company.folder, QUIET, **wish)
    assert refused.value.code is ExitCode.USAGE
    assert company.room.taken == []


def test_nothing_is_sent_while_another_process_sends_or_settings_are_missing(company: Company) -> None:
    with (company.folder.root / LOCK).open("w") as other:
        fcntl.flock(other, fcntl.LOCK_EX)
        with pytest.raises(Failure) as busy:
            deliver(company.folder, QUIET, audience="south")
    assert busy.value.code is ExitCode.BUSY
    (company.folder.root / "delivery.yml").unlink()
    with pytest.raises(Failure, match="no mail server"):
        deliver(company.folder, QUIET)
    assert company.room.taken == company.receiver.received == []
