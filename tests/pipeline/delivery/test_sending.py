"""Senders that are killed, meet each other, or talk to servers in trouble: each message arrives once, or is told."""

from __future__ import annotations

import os
import random
import signal
import subprocess
import sys
import time
from collections import Counter
from contextlib import suppress
from email.message import EmailMessage
from pathlib import Path

import pytest

from office import messages, outbox
from office.messages import Draft
from office.store import Office
from pipeline.delivery_settings import read_delivery_settings
from pipeline.progress import Narrator
from pipeline.sending import Outcome, send_due
from pipeline.settings import DataFolder

PROJECT = Path(__file__).resolve().parents[3]
SENDER = """
import os
import sys
from email.message import EmailMessage
from pathlib import Path
from pipeline.delivery_settings import read_delivery_settings
from pipeline.progress import Narrator
from pipeline.sending import send_due
from pipeline.settings import DataFolder
from pipeline.failures import Failure

class Composer:
    def mail(self, message):
        made = EmailMessage()
        made["From"], made["To"], made["Subject"] = "reports@example.com", message.recipient, message.subject
        made["Message-ID"] = f"<{message.message_id}@example.com>"
        made.set_content("text\\n" * 2000)
        return made

    def card(self, message, style):
        return {"text": message.message_id, "style": style}

def send(patience):
    folder = DataFolder(Path(sys.argv[1]))
    try:
        outcome = send_due(folder, read_delivery_settings(folder), {"pack": Composer()}, Narrator(), patience)
    except Failure as failure:
        print(failure.message, file=sys.stderr)
        return int(failure.code)
    return 1 if outcome.is_troubled else 0

if sys.argv[2] != "many":
    sys.exit(send(float(sys.argv[2])))
import requests  # what a first request would import
for _line in sys.stdin:  # a sender at every line, without the time that imports take
    child = os.fork()
    if not child:
        os._exit(send(0.0))
    print(child, flush=True)
    print(os.waitpid(child, 0)[1], flush=True)
"""


def settings(data: Path, port: int, more: str = "") -> None:
    (data / "delivery.yml").write_text(
        f"smtp: {{host: 127.0.0.1, port: {port}, security: none, from: reports@example.com}}\n"
        "retries: {first_seconds: 0.05, longest_seconds: 0.2}\n" + more,
        encoding="utf-8",
    )


def queue(data: Path, count: int, channel: str = "email") -> Office:
    office = Office(data)
    places = [f"{number}@example.com" if channel == "email" else "ops" for number in range(count)]
    outbox.enqueue(
        office, [Draft("pack", "board", channel, place, f"{n} {place}", "W") for n, place in enumerate(places)]
    )
    return office


def sender(data: Path, patience: float = 0.0) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-c", SENDER, str(data), str(patience)], cwd=PROJECT, stderr=subprocess.PIPE, text=True
    )


class Composer:
    """As in SENDER, for rounds in this process: they take no time to import."""

    def mail(self, message: messages.Message) -> EmailMessage:
        made = EmailMessage()
        made["From"], made["To"], made["Subject"] = "reports@example.com", message.recipient, message.subject
        made["Message-ID"] = f"<{message.message_id}@example.com>"
        made.set_content("text\n" * 2000)
        return made

    def card(self, message: messages.Message, style: str) -> dict[str, str]:
        return {"text": message.message_id, "style": style}


def send_here(data: Path, composer: Composer | None = None, patience: float = 5.0) -> Outcome:
    folder = DataFolder(data)
    composers = {"pack": composer or Composer()}
    return send_due(folder, read_delivery_settings(folder), composers, Narrator(quiet=True), patience)


def ended(process: subprocess.Popen[str]) -> tuple[int, str]:
    told = process.communicate(timeout=120)[1]
    assert "Traceback" not in told, told
    return process.returncode, told


def test_a_server_in_trouble_gets_each_mail_once_when_it_is_well(mail_server, tmp_path: Path) -> None:
    room = mail_server()
    room.answers = ["451 try later", "452 no room", "421 going down"]
    settings(tmp_path, room.port)
    office = queue(tmp_path, 2)
    code, told = ended(sender(tmp_path, patience=30))
    assert code == 0
    assert "451 try later" in told
    assert sorted(room.recipients) == ["0@example.com", "1@example.com"]
    assert {message.state for message in messages.listed(office)} == {"sent"}
    assert sum(message.attempts for message in messages.listed(office)) == 5
    send_here(tmp_path)
    assert len(room.taken) == 2


def test_a_message_that_cannot_be_made_keeps_no_other_waiting(mail_server, tmp_path: Path) -> None:
    class Stumbling(Composer):
        def mail(self, message: messages.Message) -> EmailMessage:
            if message.recipient.startswith("0"):
                raise ZeroDivisionError("of the test")
            return super().mail(message)

    room = mail_server()
    settings(tmp_path, room.port)
    office = queue(tmp_path, 3)
    outcome = send_here(tmp_path, Stumbling(), patience=0)
    assert sorted(room.recipients) == ["1@example.com", "2@example.com"]
    assert outcome.trouble == "1 to be tried again"
    (stuck,) = [message for message in messages.listed(office) if message.state == "waiting"]
    assert "ZeroDivisionError: of the test" in (stuck.last_error or "")


def test_two_senders_at_once(mail_server, tmp_path: Path) -> None:
    room = mail_server()
    room.slowness = 0.05
    settings(tmp_path, room.port)
    office = queue(tmp_path, 12)
    codes = [ended(one)[0] for one in [sender(tmp_path) for _ in range(2)]]
    assert set(codes) <= {0, 5}
    assert 0 in codes
    assert Counter(room.recipients) == {f"{number}@example.com": 1 for number in range(12)}
    assert {message.state for message in messages.listed(office)} == {"sent"}


@pytest.mark.parametrize("channel", ["email", "webhook"])
def test_a_sender_killed_at_any_moment_sends_nothing_twice(mail_server, receiver, tmp_path: Path, channel: str) -> None:
    room = mail_server()
    room.slowness, receiver.slowness = 0.03, 0.02
    address = tmp_path / "address"
    address.write_text(receiver.address, encoding="utf-8")
    address.chmod(0o600)
    settings(tmp_path, room.port, f"webhooks: {{ops: {{style: slack, url: {{file: {address}}}}}}}\n")
    office = queue(tmp_path, 24, channel)
    kills = 0
    with subprocess.Popen(
        [sys.executable, "-c", SENDER, str(tmp_path), "many"],
        cwd=PROJECT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True,
    ) as mother:  # fmt: skip
        assert mother.stdin is not None
        assert mother.stdout is not None
        while kills < 12 and messages.next_due(office) is not None:
            before = _arrived(room, receiver)
            mother.stdin.write("\n")
            mother.stdin.flush()
            child = int(mother.stdout.readline())
            until = time.monotonic() + 20
            while _arrived(room, receiver) == before and time.monotonic() < until:
                time.sleep(0.003)  # before its first sign of life there is little to kill
            time.sleep(random.uniform(0, 0.1))
            with suppress(ProcessLookupError):
                os.kill(child, signal.SIGKILL)
            kills += int(mother.stdout.readline()) == signal.SIGKILL
        mother.stdin.close()
    send_here(tmp_path)
    time.sleep(0.2)  # what a killed sender handed over last is still being read
    arrived = Counter(_identities(room, receiver))
    assert kills >= 6
    assert not [identity for identity, times in arrived.items() if times > 1]
    standing = {message.message_id: message.state for message in messages.listed(office)}
    assert set(standing.values()) <= {"sent", "uncertain"}
    lost = [identity for identity, state in standing.items() if state == "sent" and not arrived[identity]]
    assert lost == []
    assert Counter(standing.values())["uncertain"] <= kills
    # Asked again, what is uncertain is sent; everybody has it then.
    uncertain = [identity for identity, state in standing.items() if state == "uncertain"]
    outbox.send_again(office, uncertain, "a test")
    send_here(tmp_path)
    assert {message.state for message in messages.listed(office)} == {"sent"}
    assert set(_identities(room, receiver)) == set(standing)


def _arrived(room, receiver) -> int:
    return len(room.taken) + len(receiver.received)


def _identities(room, receiver) -> list[str]:
    mails = [mail["Message-ID"].strip("<>").partition("@")[0] for mail in room.mails]
    return mails + [card["text"] for card in receiver.received]


def test_a_secret_that_is_not_there_is_told_by_its_place(tmp_path: Path) -> None:
    settings(tmp_path, 9, "webhooks: {ops: {style: teams, url: {environment: NO_SUCH_VARIABLE}}}\n")
    office = queue(tmp_path, 1, "webhook")
    code, told = ended(sender(tmp_path))
    assert code == 1
    assert "NO_SUCH_VARIABLE" in told
    assert [message.state for message in messages.listed(office)] == ["waiting"]
