"""The outbox keeps, leases, retries and recovers messages: never two senders of one, never one forgotten."""

from __future__ import annotations

import subprocess
import sys
from collections import Counter
from pathlib import Path

import pytest

from office import audit, messages, outbox
from office.messages import Draft
from office.outbox import LeaseLost, Retries
from office.store import Office

SENDER = """
import sys
from pathlib import Path
from office import outbox
from office.store import Office

office = Office(Path(sys.argv[1]))
while (message := outbox.claim(office)) is not None:
    outbox.hand_over(office, message)
    print(message.recipient, flush=True)
    outbox.mark_sent(office, message)
"""


@pytest.fixture
def office(tmp_path: Path) -> Office:
    return Office(tmp_path)


def drafts(count: int = 1) -> list[Draft]:
    return [
        Draft("pack", "board", "email", f"{n}@example.com", f"pack board {n}", "2026-W46", {"n": n, "text": "ação"})
        for n in range(count)
    ]


def claimed(office: Office) -> messages.Message:
    message = outbox.claim(office)
    assert message is not None
    return message


def test_what_is_kept_under_a_key_is_kept_once(office: Office) -> None:
    assert outbox.enqueue(office, drafts(2)) == 2
    assert outbox.enqueue(office, drafts(3)) == 1
    message = claimed(office)
    assert (message.state, message.attempts, message.payload) == ("sending", 1, {"n": 0, "text": "ação"})
    outbox.hand_over(office, message)
    outbox.mark_sent(office, message, "250 taken")
    assert outbox.enqueue(office, drafts(3)) == 0
    assert Counter(one.state for one in messages.listed(office)) == {"waiting": 2, "sent": 1}
    assert [attempt.outcome for attempt in messages.attempts(office, message.message_id)] == ["sent"]


def test_several_senders_share_the_messages_and_send_none_twice(tmp_path: Path, office: Office) -> None:
    outbox.enqueue(office, drafts(40))
    senders = [
        subprocess.Popen([sys.executable, "-c", SENDER, str(tmp_path)], stdout=subprocess.PIPE, text=True)
        for _ in range(4)
    ]
    sent = [line for sender in senders for line in sender.communicate(timeout=120)[0].splitlines()]
    assert sorted(sent) == sorted(f"{n}@example.com" for n in range(40))
    assert {one.state for one in messages.listed(office)} == {"sent"}


def test_a_failure_is_tried_again_later_and_later_and_then_given_up(office: Office) -> None:
    outbox.enqueue(office, drafts())
    retries = Retries(attempts=3, first_seconds=100, factor=4)
    due = []
    for _ in range(3):
        message = claimed(office)
        after = outbox.postpone(office, message, "451 later", retries)
        if after.state == "waiting":
            seconds = messages.next_due(office)
            assert seconds is not None
            due.append(seconds)
            assert outbox.claim(office) is None  # not yet
            with office.writing() as connection:
                connection.execute("update outbox set next_attempt_at = created_at")
    assert 79 < due[0] < 121
    assert 319 < due[1] < 481
    assert (after.state, after.attempts) == ("failed", 3)
    assert "given up after 3 attempts: 451 later" in (after.last_error or "")
    assert outbox.claim(office) is None
    assert [one.outcome for one in messages.attempts(office, after.message_id)] == ["postponed", "postponed", "failed"]


def test_the_other_side_may_ask_for_more_patience(office: Office) -> None:
    outbox.enqueue(office, drafts())
    outbox.postpone(office, claimed(office), "429", Retries(first_seconds=1), seconds=900)
    assert (messages.next_due(office) or 0) > 890


def test_a_sender_that_died_before_handing_over_has_sent_nothing(office: Office) -> None:
    outbox.enqueue(office, drafts())
    dead = claimed(office)
    assert outbox.recover(office) == []  # the lease still runs
    assert outbox.claim(office) is None
    assert outbox.recover(office, is_only_sender=True) == []
    again = claimed(office)
    assert (again.message_id, again.attempts) == (dead.message_id, 2)
    with pytest.raises(LeaseLost):  # should it live after all, it must not send
        outbox.hand_over(office, dead)
    outbox.mark_sent(office, dead)
    assert messages.listed(office)[0].state == "sending"


def test_an_outcome_that_nobody_knows_is_never_repeated_unasked(office: Office) -> None:
    outbox.enqueue(office, drafts())
    message = claimed(office)
    outbox.hand_over(office, message)
    with office.writing() as connection:
        connection.execute("update outbox set lease_until = created_at")
    assert [one.state for one in outbox.recover(office)] == ["uncertain"]
    assert outbox.claim(office) is None
    assert outbox.recover(office, is_only_sender=True) == []
    assert outbox.send_again(office, [message.message_id], "ana") == 1
    assert [entry.action for entry in audit.entries(office, "message")] == ["asked_again"]
    again = claimed(office)
    outbox.hand_over(office, again)
    outbox.mark_sent(office, again)
    assert outbox.send_again(office, [message.message_id], "ana") == 0  # what was sent stays sent


def test_a_slow_sender_may_still_tell_the_outcome(office: Office) -> None:
    outbox.enqueue(office, drafts())
    message = claimed(office)
    outbox.hand_over(office, message)
    outbox.recover(office, is_only_sender=True)
    outbox.mark_sent(office, message, "250 after all")
    assert messages.listed(office)[0].state == "sent"


def test_a_message_that_ends_every_sender_is_given_up(office: Office) -> None:
    outbox.enqueue(office, drafts())
    for _ in range(outbox.MOST_ATTEMPTS):
        claimed(office)
        outbox.recover(office, is_only_sender=True)
    assert messages.listed(office)[0].state == "failed"
