"""Mail over SMTP, one recipient at a time, step by step: so that it is known exactly which step cannot be taken back.

A server takes a mail when it has read the line with a single dot at its end. Whatever happens before that line, it has
taken nothing; from there until its answer has been read, nobody knows. `smtplib` sends text and dot in one call, so
its steps are used here one by one.
"""

from __future__ import annotations

import base64
import re
import smtplib
import ssl
from collections.abc import Callable
from email.message import EmailMessage
from email.policy import SMTP
from time import monotonic
from types import TracebackType

from dashboard.reports.letter import ascii_domain
from ingestion.yaml_places import ContractError
from pipeline.delivery_settings import Smtp
from pipeline.transport import Refused, Unanswered, Unavailable, answer_text

ANSWER_SECONDS = 600.0  # what RFC 5321 grants a server after the end of the text
MAILS_A_CONNECTION = 50
REST_SECONDS = 10.0  # a server that cannot be reached is not called again for every message


class MailTransport:
    """A connection to the mail server, made when the first mail is sent and used for the next ones."""

    def __init__(self, smtp: Smtp) -> None:
        self._smtp = smtp
        self._client: smtplib.SMTP | None = None
        self._sent = 0
        self._resting: tuple[float, str] | None = None

    def __enter__(self) -> MailTransport:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._client is not None:
            try:
                self._client.quit()
            except (smtplib.SMTPException, OSError):
                self._drop()  # everything that matters has been answered

    def send(self, mail: EmailMessage, recipient: str, hand_over: Callable[[], None]) -> str:
        """Send one mail to one address; `hand_over` is called before the step that cannot be taken back.

        Returns the server's answer. Raises Refused, Unavailable, Unanswered, and whatever `hand_over` raises.
        """
        envelope, sender = ascii_domain(recipient), ascii_domain(self._smtp.sender.addr_spec)
        client = self._connected()
        text = _text(mail)
        limit = client.esmtp_features.get("size", "")
        if limit.isdigit() and 0 < int(limit) < len(text):
            raise Refused(f"The mail has {len(text):,} bytes; the server takes {int(limit):,}. Attach fewer files.")
        try:
            self._announce(client, sender, envelope)
            client.send(text)
        except smtplib.SMTPServerDisconnected as error:
            self._drop()
            raise Unavailable("The mail server closed the connection.") from error
        except OSError as error:
            self._drop()
            raise Unavailable(f"The mail server does not answer: {_reason(error)}.") from error
        try:
            hand_over()
        except BaseException:
            self._drop()  # without the last line the server throws the text away
            raise
        return self._finish(client)

    def _announce(self, client: smtplib.SMTP, sender: str, recipient: str) -> None:
        steps: tuple[tuple[Callable[[], tuple[int, bytes]], int, str, bool], ...] = (
            # A sender that is refused is a matter of settings, which somebody can mend.
            (lambda: client.mail(sender), 250, f"the sender {sender}", False),
            (lambda: client.rcpt(recipient), 250, f"the address {recipient}", True),
            (lambda: client.docmd("DATA"), 354, "the mail", True),
        )
        for step, expected, what, is_final in steps:
            code, answer = step()
            if code not in (expected, 251, 252):
                self._check(code, answer, what, is_final=is_final)

    def _check(self, code: int, answer: bytes, what: str, *, is_final: bool = True) -> None:
        """Raise what an answer means; the connection is kept for the next mail where the server keeps it."""
        if code == 421 or self._client is None:
            self._drop()
        else:
            try:
                self._client.rset()
            except (smtplib.SMTPException, OSError):
                self._drop()
        said = f"The mail server refused {what}: {answer_text(code, answer)}"
        if is_final and 500 <= code < 600:
            raise Refused(said)
        raise Unavailable(said)

    def _finish(self, client: smtplib.SMTP) -> str:
        try:
            if client.sock is not None:
                client.sock.settimeout(max(self._smtp.timeout_seconds, ANSWER_SECONDS))
            client.send(b".\r\n")
            code, answer = client.getreply()
            if client.sock is not None:
                client.sock.settimeout(self._smtp.timeout_seconds)
        except (smtplib.SMTPException, OSError) as error:
            self._drop()
            raise Unanswered(f"The mail server took the text and did not answer: {_reason(error)}.") from error
        if code != 250:
            self._check(code, answer, "the mail")
        self._sent += 1
        if self._sent >= MAILS_A_CONNECTION:
            self._drop()
        return answer_text(code, answer)

    def _connected(self) -> smtplib.SMTP:
        if self._client is not None:
            try:
                if self._client.noop()[0] == 250:
                    return self._client
            except (smtplib.SMTPException, OSError):
                pass  # it was closed while nothing was sent: connect again
            self._drop()
        if self._resting and monotonic() < self._resting[0]:
            raise Unavailable(self._resting[1])
        try:
            self._client = self._connect()
        except Unavailable as error:
            self._resting = (monotonic() + REST_SECONDS, str(error))
            raise
        self._sent, self._resting = 0, None
        return self._client

    def _connect(self) -> smtplib.SMTP:
        smtp = self._smtp
        where = f"{smtp.host}:{smtp.port}"
        client: smtplib.SMTP | None = None
        try:
            context = ssl.create_default_context(cafile=str(smtp.ca_file) if smtp.ca_file else None)
            if smtp.security == "tls":
                client = smtplib.SMTP_SSL(smtp.host, smtp.port, timeout=smtp.timeout_seconds, context=context)
            else:
                client = smtplib.SMTP(smtp.host, smtp.port, timeout=smtp.timeout_seconds)
            client.ehlo_or_helo_if_needed()
            if smtp.security == "starttls":
                client.starttls(context=context)
                client.ehlo()
            if smtp.user is not None and smtp.password is not None:
                _log_in(client, smtp.user, smtp.password.reveal())
        except ContractError as error:  # where the password should be, there is none
            raise _closing(client, str(error)) from error
        except smtplib.SMTPAuthenticationError as error:
            # What the server says here may hold what it was told.
            text = f"{where} refused the user and password ({error.smtp_code}). Check them in delivery.yml."
            raise _closing(client, text) from None
        except smtplib.SMTPNotSupportedError as error:
            text = f"{where} does not offer what delivery.yml asks for: {error}"
            raise _closing(client, text) from error
        except ssl.SSLCertVerificationError as error:
            text = f"The certificate of {where} cannot be trusted: {error.verify_message}. A house's own authority goes into ca_file."
            raise _closing(client, text) from error
        except (smtplib.SMTPException, OSError) as error:
            raise _closing(client, f"{where} cannot be reached: {_reason(error)}.") from error
        return client

    def _drop(self) -> None:
        if self._client is not None:
            self._client.close()
        self._client = None


def _log_in(client: smtplib.SMTP, user: str, password: str) -> None:
    if (user + password).isascii():
        client.login(user, password)
        return
    # `login` knows ASCII only; RFC 4616 says UTF-8.
    told = base64.b64encode(f"\0{user}\0{password}".encode()).decode("ascii")
    code, answer = client.docmd("AUTH", f"PLAIN {told}")
    if code != 235:
        raise smtplib.SMTPAuthenticationError(code, answer)


def _closing(client: smtplib.SMTP | None, text: str) -> Unavailable:
    if client is not None:
        client.close()
    return Unavailable(text)


def _text(mail: EmailMessage) -> bytes:
    """The mail as it goes over the line: CRLF, and a dot before every dot that begins a line."""
    text = mail.as_bytes(policy=SMTP)
    text = re.sub(rb"\r\n|\r|\n", b"\r\n", text)
    if not text.endswith(b"\r\n"):
        text += b"\r\n"
    return re.sub(rb"(?m)^\.", b"..", text)


def _reason(error: Exception) -> str:
    if isinstance(error, smtplib.SMTPResponseException):
        return answer_text(error.smtp_code, error.smtp_error)
    if isinstance(error, TimeoutError):
        return "no answer in time"
    if isinstance(error, OSError) and error.strerror:
        return error.strerror
    return str(error) or type(error).__name__
