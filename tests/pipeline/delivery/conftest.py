"""A real mail server and a real receiver of webhooks, on this machine, that do what a test tells them to."""

from __future__ import annotations

import asyncio
import email
import json
import random
import socket
import ssl
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from email.message import EmailMessage
from email.policy import default
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
import trustme
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, AuthResult, Envelope, LoginPassword, Session


@dataclass
class Mailroom:
    """What a mail server has taken, and how it behaves. Answers in `refusals` are by address, in `answers` in turn."""

    port: int = 0
    taken: list[tuple[str, bytes]] = field(default_factory=list)
    refusals: dict[str, str] = field(default_factory=dict)
    answers: list[str] = field(default_factory=list)
    slowness: float = 0.0  # seconds at most before each answer
    logins: list[str] = field(default_factory=list)
    is_hanging_up: bool = False

    async def handle_RCPT(self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list) -> str:
        await self._rest()
        if address in self.refusals:
            return self.refusals[address]
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:
        await self._rest()
        if self.answers:
            return self.answers.pop(0)
        content = envelope.content
        assert isinstance(content, bytes)
        self.taken += [(address, content) for address in envelope.rcpt_tos]
        await self._rest()  # it is taken, and the sender does not know yet
        if self.is_hanging_up:
            server.transport.close()
        return "250 taken"

    async def _rest(self) -> None:
        if self.slowness:
            await asyncio.sleep(random.uniform(0, self.slowness))

    @property
    def recipients(self) -> list[str]:
        return [address for address, _content in self.taken]

    @property
    def mails(self) -> list[EmailMessage]:
        return [email.message_from_bytes(content, policy=default) for _address, content in self.taken]  # pyright: ignore


Open = Callable[..., Mailroom]


def free_port() -> int:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return free.getsockname()[1]


@pytest.fixture
def mail_server() -> Iterator[Open]:
    """`mail_server(**settings of aiosmtpd)` starts a server on a free port."""
    controllers: list[Controller] = []

    def start(*, password: str | None = None, **settings) -> Mailroom:
        room = Mailroom()

        def authenticate(
            server: SMTP, session: Session, envelope: Envelope, mechanism: str, data: object
        ) -> AuthResult:
            assert isinstance(data, LoginPassword)
            room.logins.append(data.login.decode())
            # A rude server repeats what it was told.
            good = password is not None and data.password == password.encode()
            return AuthResult(
                success=good, handled=False, message=None if good else f"535 bad {data.password.decode()}"
            )

        if password is not None:
            settings |= {"auth_required": True, "authenticator": authenticate}
        controller = Controller(room, hostname="127.0.0.1", port=free_port(), ready_timeout=30, **settings)
        controller.start()
        room.port = controller.server.sockets[0].getsockname()[1]  # pyright: ignore
        controllers.append(controller)
        return room

    yield start
    for controller in controllers:
        controller.stop()


@dataclass(frozen=True)
class Certificates:
    """An authority of our own: its certificate, and a server's context for 127.0.0.1."""

    ca_file: Path
    server: ssl.SSLContext


@pytest.fixture(scope="session")
def certificates(tmp_path_factory: pytest.TempPathFactory) -> Certificates:
    authority = trustme.CA()
    path = tmp_path_factory.mktemp("authority") / "ca.pem"
    authority.cert_pem.write_to_path(str(path))
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    authority.issue_cert("127.0.0.1", "localhost").configure_cert(context)
    return Certificates(path, context)


@dataclass
class Receiver:
    """What a chat has received, and what it answers: (status, headers, text), in turn, then 200."""

    address: str = ""
    received: list[dict] = field(default_factory=list)
    answers: list[tuple[int, dict[str, str], str]] = field(default_factory=list)
    slowness: float = 0.0


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    told = Receiver()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            time.sleep(told.slowness)
            status, headers, text = told.answers.pop(0) if told.answers else (200, {}, "ok")
            if status < 300:
                told.received.append(json.loads(body))
            with suppress(BrokenPipeError, ConnectionResetError):  # a sender that has lost patience, or its life
                self.send_response(status)
                for name, value in headers.items():
                    self.send_header(name, value)
                self.send_header("Content-Length", str(len(text)))
                self.end_headers()
                self.wfile.write(text.encode())

        def log_message(self, format: str, *arguments: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    told.address = f"http://127.0.0.1:{server.server_address[1]}/services/T000/SECRET-PATH"
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield told
    server.shutdown()
    server.server_close()
