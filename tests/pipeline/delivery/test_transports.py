"""Mail and webhooks over real connections: what is taken, refused, postponed, and what nobody can know."""

from __future__ import annotations

import socket
from email.headerregistry import Address
from email.message import EmailMessage
from pathlib import Path

import pytest

from ingestion.connections.secrets import Secret
from pipeline.delivery_settings import Smtp, Webhook
from pipeline.mail_transport import MailTransport
from pipeline.transport import Refused, Unanswered, Unavailable
from pipeline.webhook_transport import post

PASSWORD = "open sesame ç"


def letter(recipient: str = "ana@example.com", text: str = "Olá\n.\n..dots\nat the end") -> EmailMessage:
    made = EmailMessage()
    made["From"], made["To"], made["Subject"] = "reports@example.com", recipient, "Relatório"
    made.set_content(text, cte="8bit")
    return made


def smtp(port: int, **changes) -> Smtp:
    settings = {"host": "127.0.0.1", "port": port, "security": "none", "timeout_seconds": 5.0}
    return Smtp(**settings | {"sender": Address("Reports", "reports", "example.com")} | changes)


def secret(tmp_path: Path, text: str = PASSWORD) -> Secret:
    path = tmp_path / "secret"
    path.write_text(text + "\n", encoding="utf-8")
    path.chmod(0o600)
    return Secret(file=path)


def send(settings: Smtp, *recipients: str, hand_over=lambda: None) -> None:
    with MailTransport(settings) as transport:
        for recipient in recipients or ("ana@example.com",):
            transport.send(letter(recipient), recipient, hand_over)


def test_lines_of_dots_arrive_as_they_were_written(mail_server) -> None:
    room = mail_server()
    send(smtp(room.port), "ana@example.com", "bia@example.com")
    assert room.recipients == ["ana@example.com", "bia@example.com"]
    assert room.mails[0].get_content().splitlines() == ["Olá", ".", "..dots", "at the end"]


def test_starttls_with_a_certificate_of_our_own_and_a_password(mail_server, certificates, tmp_path: Path) -> None:
    room = mail_server(tls_context=certificates.server, require_starttls=True, password=PASSWORD)
    good = smtp(room.port, security="starttls", user="reports", password=secret(tmp_path), ca_file=certificates.ca_file)
    send(good)
    assert (room.recipients, room.logins) == (["ana@example.com"], ["reports"])
    with pytest.raises(Unavailable, match="cannot be trusted"):
        send(smtp(room.port, security="starttls", user="reports", password=secret(tmp_path)))
    wrong = secret(tmp_path, "wrong password")
    with pytest.raises(Unavailable, match="refused the user and password") as refused:
        send(smtp(room.port, security="starttls", user="reports", password=wrong, ca_file=certificates.ca_file))
    told = f"{refused.value} {refused.value.__cause__} {refused.value.__context__ is None}"
    assert "wrong password" not in told
    assert len(room.taken) == 1


def test_tls_from_the_first_byte(mail_server, certificates) -> None:
    room = mail_server(ssl_context=certificates.server)
    send(smtp(room.port, security="tls", ca_file=certificates.ca_file))
    assert room.recipients == ["ana@example.com"]


def test_without_starttls_nothing_is_said_in_the_clear(mail_server, tmp_path: Path) -> None:
    room = mail_server(password=PASSWORD, auth_require_tls=False)
    with pytest.raises(Unavailable, match="does not offer"):
        send(smtp(room.port, security="starttls", user="reports", password=secret(tmp_path)))
    assert (room.logins, room.taken) == ([], [])


def test_one_refused_address_does_not_keep_the_others_back(mail_server) -> None:
    room = mail_server()
    room.refusals = {"gone@example.com": "550 no such user", "full@example.com": "452 mailbox full"}
    with MailTransport(smtp(room.port)) as transport:
        transport.send(letter(), "ana@example.com", lambda: None)
        with pytest.raises(Refused, match="550 no such user"):
            transport.send(letter(), "gone@example.com", lambda: None)
        with pytest.raises(Unavailable, match="452 mailbox full"):
            transport.send(letter(), "full@example.com", lambda: None)
        transport.send(letter(), "bia@example.com", lambda: None)
    assert room.recipients == ["ana@example.com", "bia@example.com"]


def test_a_sender_that_may_not_hand_over_has_sent_nothing(mail_server) -> None:
    room = mail_server()

    def lost() -> None:
        raise LookupError("the lease")

    with pytest.raises(LookupError):
        send(smtp(room.port), hand_over=lost)
    assert room.taken == []
    room.answers = ["451 later", "554 never"]
    with pytest.raises(Unavailable, match="451 later"):
        send(smtp(room.port))
    with pytest.raises(Refused, match="554 never"):
        send(smtp(room.port))
    room.is_hanging_up = True
    with pytest.raises(Unanswered):
        send(smtp(room.port))
    assert len(room.taken) == 1


def test_a_mail_that_is_too_large_is_refused_before_it_is_sent(mail_server) -> None:
    room = mail_server(data_size_limit=20_000)
    with MailTransport(smtp(room.port)) as transport, pytest.raises(Refused, match="Attach fewer files"):
        transport.send(letter(text="x\n" * 20_000), "ana@example.com", lambda: None)


def test_a_server_that_is_away_is_asked_once_for_all_of_a_round() -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    with MailTransport(smtp(port)) as transport:
        for _ in range(3):
            with pytest.raises(Unavailable, match="cannot be reached"):
                transport.send(letter(), "ana@example.com", lambda: None)
        resting = transport._resting
        assert resting is not None


def hook(tmp_path: Path, address: str, **changes) -> Webhook:
    return Webhook("ops", "slack", secret(tmp_path, address), **{"timeout_seconds": 2.0} | changes)


def test_a_card_arrives_as_json(receiver, tmp_path: Path) -> None:
    assert post(hook(tmp_path, receiver.address), {"text": "ação"}, lambda: None) == "200 ok"
    assert receiver.received == [{"text": "ação"}]


@pytest.mark.parametrize(
    ("answer", "kind", "seconds"),
    [
        ((429, {"Retry-After": "120"}, "slow down"), Unavailable, 120.0),
        ((503, {}, "away"), Unavailable, None),
        ((404, {}, "no_team"), Refused, None),
        ((302, {"Location": "http://127.0.0.1:9/elsewhere"}, ""), Refused, None),
    ],
)
def test_answers_of_a_chat(receiver, tmp_path: Path, answer, kind, seconds: float | None) -> None:
    receiver.answers = [(answer[0], answer[1], f"{answer[2]} {receiver.address}")]
    with pytest.raises(kind) as refused:
        post(hook(tmp_path, receiver.address), {}, lambda: None)
    assert getattr(refused.value, "seconds", None) == seconds
    assert answer[2] in str(refused.value)
    assert "SECRET-PATH" not in str(refused.value)


def test_a_chat_that_does_not_answer_may_have_understood(receiver, tmp_path: Path) -> None:
    receiver.slowness = 1.5
    with pytest.raises(Unanswered) as refused:
        post(hook(tmp_path, receiver.address, timeout_seconds=0.3), {}, lambda: None)
    assert "SECRET-PATH" not in repr(refused.value)
    assert refused.value.__cause__ is None
    with pytest.raises(Unavailable, match="cannot be reached") as away:
        post(hook(tmp_path, "http://127.0.0.1:9/SECRET-PATH"), {}, lambda: None)
    assert "SECRET-PATH" not in repr(away.value)
    with pytest.raises(Refused, match="https"):
        post(hook(tmp_path, "http://example.com/SECRET-PATH"), {}, lambda: None)
