"""Messages to a chat's webhook. Its address is a secret: errors name the webhook and never the address."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from ingestion.yaml_places import ContractError
from pipeline.delivery_settings import LOCAL_HOSTS, Webhook
from pipeline.transport import Refused, Unanswered, Unavailable, answer_text

if TYPE_CHECKING:
    import requests

LATER = (408, 425, 429)
LONGEST_PATIENCE = 6 * 3600.0


def post(webhook: Webhook, card: Mapping[str, Any], hand_over: Callable[[], None]) -> str:
    """Send one card; `hand_over` is called before the request. Returns the receiver's answer.

    Raises Refused, Unavailable, Unanswered, and whatever `hand_over` raises.
    """
    import requests

    address = _address(webhook)
    hand_over()
    try:
        answer = requests.post(
            address,
            data=json.dumps(card).encode(),
            headers={"Content-Type": "application/json; charset=utf-8", "User-Agent": "Retaguarda"},
            timeout=webhook.timeout_seconds,
            # Somebody else's address must not learn what was meant for this one.
            allow_redirects=False,
        )
    except requests.exceptions.RequestException as error:
        # Its text holds the address: only what happened is told, and the chain of causes is cut.
        reason = type(error).__name__
        if _was_never_sent(error):
            raise Unavailable(f'The webhook "{webhook.name}" cannot be reached ({reason}).') from None
        raise Unanswered(f'The webhook "{webhook.name}" did not answer ({reason}).') from None
    said = answer_text(answer.status_code, _told(answer.text, address))
    if 200 <= answer.status_code < 300:
        return said
    text = f'The webhook "{webhook.name}" answered {said}'
    if answer.status_code in LATER or answer.status_code >= 500:
        raise Unavailable(text, _patience(answer.headers.get("Retry-After")))
    raise Refused(text)


def _address(webhook: Webhook) -> str:
    try:
        address = webhook.url.reveal().strip()
    except ContractError as error:
        raise Unavailable(f'The webhook "{webhook.name}": {error}') from error
    parts = urlsplit(address)
    if parts.scheme != "https" and not (parts.scheme == "http" and parts.hostname in LOCAL_HOSTS):
        raise Refused(f'The address of the webhook "{webhook.name}" must begin with https://.')
    return address


def _was_never_sent(error: requests.exceptions.RequestException) -> bool:
    """Whether the request cannot have reached the receiver: no connection was made."""
    import requests
    from urllib3.exceptions import NewConnectionError

    never = (requests.exceptions.ConnectTimeout, requests.exceptions.SSLError, requests.exceptions.ProxyError)
    if isinstance(error, (*never, requests.exceptions.InvalidURL, requests.exceptions.InvalidSchema)):
        return True
    reason = getattr(error.args[0] if error.args else None, "reason", None)
    return isinstance(reason, NewConnectionError)


def _told(text: str, address: str) -> str:
    """The receiver's words without the address, should it repeat it."""
    path = urlsplit(address).path
    for secret in (address, path):
        if len(secret) > 1:
            text = text.replace(secret, "…")
    return text


def _patience(text: str | None) -> float | None:
    """`Retry-After` in seconds: a number, or a date."""
    if not text:
        return None
    try:
        seconds = float(text)
    except ValueError:
        try:
            seconds = (parsedate_to_datetime(text).astimezone(UTC) - datetime.now(UTC)).total_seconds()
        except ValueError:
            return None
    return min(max(0.0, seconds), LONGEST_PATIENCE)
